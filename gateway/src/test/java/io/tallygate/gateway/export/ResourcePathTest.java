package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcePathTest {
    private static final String GROUP = "/subscriptions/s/resourceGroups/rg";

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "{group}/providers/Microsoft.Compute/virtualMachines/vm, Microsoft.Compute/virtualMachines, rg, vm",
                "{group}/providers/Microsoft.Compute/virtualMachines/vm/, Microsoft.Compute/virtualMachines, rg, vm",
                "{group}/providers/N/virtualNetworks/net/subnets/one, N/virtualNetworks/subnets, rg, net/one",
                "{group}/providers/N/a/1/b/2/c/3, N/a/b/c, rg, 1/2/3",
                "{group}/providers/A/machines/vm/providers/I/settings/all, I/settings, rg, all",
                "/SUBSCRIPTIONS/s/RESOURCEGROUPS/Rg/PROVIDERS/N/Type/Name, N/Type, Rg, Name",
                "{group}/providers/N/type, N/type, rg, -",
                "{group}/providers/N, N, rg, -",
                "{group}/providers, -, rg, -",
                "{group}/providers/, -, rg, -",
                "{group}, -, rg, -",
                "{group}/, -, rg, -",
                "/subscriptions/s/resourceGroups, -, -, -",
                "/subscriptions/s/resourceGroups/, -, -, -",
                "/subscriptions/s/providers/N/type/name, N/type, -, name",
                "providers/N/type/name, N/type, -, name",
                "vm-1, -, -, -",
                "/, -, -, -",
                "//, -, -, -",
                "https://example.com/a?b=c, -, -, -",
            })
    void theUrisPartsAreFound(String uri, String type, String group, String name) {
        assertThat(ResourcePath.of(uri.replace("{group}", GROUP))).isEqualTo(new ResourcePath(type, group, name));
    }
}
