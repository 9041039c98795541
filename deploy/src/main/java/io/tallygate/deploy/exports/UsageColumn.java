package io.tallygate.deploy.exports;

import io.tallygate.gateway.export.CsvCell;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** How a column of the gateway's CSV is kept in Parquet. */
enum UsageColumn {
    /** {@code TIMESTAMP(UTC, milliseconds)}, never null. */
    TIME {
        @Override
        Type type(String name) {
            return Types.required(PrimitiveTypeName.INT64)
                    .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS))
                    .named(name);
        }

        @Override
        void add(String cell, RecordConsumer to) {
            to.addLong(OffsetDateTime.parse(cell).toInstant().toEpochMilli());
        }
    },
    /** {@code DECIMAL(38, 15)}, never null. */
    QUANTITY {
        @Override
        Type type(String name) {
            return Types.required(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                    .length(WIDTH)
                    .as(LogicalTypeAnnotation.decimalType(SCALE, PRECISION))
                    .named(name);
        }

        @Override
        void add(String cell, RecordConsumer to) {
            BigDecimal exact = new BigDecimal(cell).setScale(SCALE);
            if (exact.precision() > PRECISION) {
                throw new ArithmeticException("too many digits");
            }
            byte[] digits = exact.unscaledValue().toByteArray();
            byte[] extended = new byte[WIDTH];
            Arrays.fill(extended, (byte) (exact.signum() < 0 ? -1 : 0));
            System.arraycopy(digits, 0, extended, WIDTH - digits.length, digits.length);
            to.addBinary(Binary.fromConstantByteArray(extended));
        }
    },
    /** {@code JSON}; null where the cell is empty. */
    JSON {
        @Override
        Type type(String name) {
            return Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.jsonType())
                    .named(name);
        }

        @Override
        void add(String cell, RecordConsumer to) {
            to.addBinary(Binary.fromString(CsvCell.plain(cell)));
        }
    },
    /** {@code STRING}; null where the cell is empty. */
    TEXT {
        @Override
        Type type(String name) {
            return Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(name);
        }

        @Override
        void add(String cell, RecordConsumer to) {
            to.addBinary(Binary.fromString(CsvCell.plain(cell)));
        }
    };

    /** The digits of a quantity. */
    static final int PRECISION = 38;
    /** Those of them that are behind the point. */
    static final int SCALE = 15;

    private static final int WIDTH = 16;
    private static final Map<String, UsageColumn> KNOWN = new TreeMap<>(Map.of(
            "usagestarttime", TIME, "usageendtime", TIME, "quantity", QUANTITY, "tags", JSON, "additionalinfo", JSON));

    /** The kind of a column of CSV. */
    static UsageColumn of(String name) {
        return KNOWN.getOrDefault(name.toLowerCase(Locale.ROOT), TEXT);
    }

    /** Its type. */
    abstract Type type(String name);

    /**
     * Adds a value.
     *
     * @throws ArithmeticException if it does not fit
     */
    abstract void add(String cell, RecordConsumer to);

    /** Whether it may be left out. */
    boolean isOptional() {
        return this == JSON || this == TEXT;
    }
}
