package io.tallygate.deploy.exports;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Writes the cells of a row of CSV as a row of Parquet. */
final class CsvRowSupport extends WriteSupport<List<String>> {
    private final List<String> names;
    private final List<UsageColumn> columns = new ArrayList<>();
    private final MessageType schema;
    private RecordConsumer consumer;

    /** With the columns of a header. */
    CsvRowSupport(List<String> header) {
        names = List.copyOf(header);
        List<Type> types = new ArrayList<>();
        for (String name : names) {
            UsageColumn column = UsageColumn.of(name);
            columns.add(column);
            types.add(column.type(name));
        }
        schema = new MessageType("usage", types);
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration hadoop) {
        throw new UnsupportedOperationException("there is no Hadoop here");
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(List<String> cells) {
        consumer.startMessage();
        for (int index = 0; index < names.size(); index++) {
            String cell = cells.get(index);
            UsageColumn column = columns.get(index);
            if (!cell.isEmpty() || !column.isOptional()) {
                consumer.startField(names.get(index), index);
                column.add(cell, consumer);
                consumer.endField(names.get(index), index);
            }
        }
        consumer.endMessage();
    }
}
