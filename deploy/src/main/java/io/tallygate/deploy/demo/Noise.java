package io.tallygate.deploy.demo;

/** Numbers that look random and are the same on every machine and at every start (splitmix64). */
final class Noise {
    private Noise() {}

    /** A number from 0 (inclusive) to 1 (exclusive) that belongs to this series and hour. */
    static double unit(long series, long hour) {
        long mixed = mix(mix(series) + hour * 0x9E3779B97F4A7C15L);
        return (mixed >>> 11) * 0x1.0p-53;
    }

    /** The number of a series, from its name. */
    static long series(String name) {
        long hash = 1125899906842597L;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return hash;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
