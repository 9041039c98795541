package io.tallygate.deploy.imports;

/** Tells a person how far an import has come. */
interface ImportProgress extends AutoCloseable {
    /**
     * More of the file is durable.
     *
     * @param bytes of the file that have been read
     * @param records that are durable
     */
    void advanced(long bytes, long records);

    /** Something worth a line happened. */
    void notice(String text);

    @Override
    void close();
}
