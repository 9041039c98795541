package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's tables say what the code does; {@link ReferenceTables} prints them. */
class DocumentationIT {
    @Test
    void theRoutesAreThoseOfTheRouter() throws IOException {
        assertThat(table("routes")).isEqualTo(ReferenceTables.routes());
    }

    @Test
    void theErrorsAreThoseOfTheErrorTable() throws IOException {
        assertThat(table("errors")).isEqualTo(ReferenceTables.errors());
    }

    @Test
    void theRefusalsAreThoseOfTheTableOfReasons() throws IOException {
        assertThat(table("refusals")).isEqualTo(ReferenceTables.refusals());
    }

    @Test
    void theRecordErrorsAreThoseOfTheStore() throws IOException {
        assertThat(table("outcomes")).isEqualTo(ReferenceTables.outcomes());
    }

    @Test
    void theAccountsAreThoseOfReconciliation() throws IOException {
        assertThat(table("accounts")).isEqualTo(ReferenceTables.accounts());
    }

    @Test
    void theOutcomesOfDeliveryAreThoseOfItsTable() throws IOException {
        assertThat(table("deliveryOutcomes")).isEqualTo(ReferenceTables.deliveryOutcomes());
    }

    /** What stands between the markers of that name. */
    private static String table(String name) throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher table = Pattern.compile("(?<=<!-- " + name + " -->\n).*?(?=<!-- /" + name + " -->)", Pattern.DOTALL)
                .matcher(readme);
        assertThat(table.find())
                .as("README.md has a table between <!-- %s --> and <!-- /%s -->", name, name)
                .isTrue();
        return table.group();
    }
}
