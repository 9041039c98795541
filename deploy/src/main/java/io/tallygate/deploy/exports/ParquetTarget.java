package io.tallygate.deploy.exports;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A file that Parquet writes from beginning to end; when it is closed, it is on disk, and its digest is known. */
final class ParquetTarget implements OutputFile {
    private final Path path;
    private DigestingOutput written;

    ParquetTarget(Path path) {
        this.path = path;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return createOrOverwrite(blockSizeHint);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        written = new DigestingOutput(
                new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), new RunningSha256(), 0);
        return new Positioned(written, channel);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return path.toString();
    }

    /** How much was written, and its digest. */
    DigestingOutput written() {
        return written;
    }

    private static final class Positioned extends PositionOutputStream {
        private final DigestingOutput target;
        private final FileChannel channel;

        Positioned(DigestingOutput target, FileChannel channel) {
            this.target = target;
            this.channel = channel;
        }

        @Override
        public long getPos() {
            return target.bytes();
        }

        @Override
        public void write(int single) throws IOException {
            target.write(single);
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            target.write(source, from, length);
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }

        @Override
        public void close() throws IOException {
            if (channel.isOpen()) {
                target.flush();
                channel.force(true);
                target.close();
            }
        }
    }
}
