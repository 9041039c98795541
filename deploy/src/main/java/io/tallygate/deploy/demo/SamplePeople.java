package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallygate.store.directory.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The people of the sample world: the operator first, then one of each tenant. */
final class SamplePeople {
    private static final String OPERATOR = "Olivia Nord";
    private static final Map<String, String> NAMES = Map.of(
            "Proseware Hosting", "Priya Sharma",
            "Contoso", "Carla Mendes",
            "Fabrikam", "Felix Braun",
            "Adatum", "Ada Lindqvist",
            "Litware", "Liam Osei",
            "Woodgrove", "Wen Zhao",
            "Alpine Ski House", "Anouk Berger",
            "Humongous Insurance", "Hugo Silva");

    private SamplePeople() {}

    /** All of them. */
    static List<DemoPerson> of(SampleWorld world) {
        return Stream.concat(
                        Stream.of(person(
                                SampleWorld.OPERATOR_TENANT,
                                SampleWorld.OPERATOR_NAME,
                                OPERATOR,
                                DemoClients.OPERATOR_ROLES)),
                        Stream.concat(world.tenants().stream(), Stream.of(world.delegatedProvider()))
                                .map(tenant -> person(
                                        tenant.id(),
                                        tenant.name(),
                                        NAMES.getOrDefault(tenant.name(), tenant.name()),
                                        List.of("Usage.Read"))))
                .toList();
    }

    private static DemoPerson person(TenantId tenant, String organization, String name, List<String> roles) {
        String id = UUID.nameUUIDFromBytes(("tallygate demo person " + tenant).getBytes(UTF_8))
                .toString();
        String first = name.toLowerCase(Locale.ROOT).split(" ", 2)[0];
        String domain = organization.toLowerCase(Locale.ROOT).replace(" ", "");
        return new DemoPerson(tenant, organization, id, name, first + "@" + domain + ".example", roles);
    }
}
