package io.tallygate.store;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Like {@link BusyMigrationIT}, of every version that could hold usage; the first could not. */
class BusyMigrationLongIT {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nobodyWaitsLongWhileTheSchemaIsBroughtUpToDate(int version) throws Exception {
        BusyMigration.from(version);
    }
}
