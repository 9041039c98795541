package io.tallygate.gateway.collect;

/** The window, or the file, is somebody else's by now, or is to be left: no failure. */
public final class WindowLostException extends RuntimeException {
    /** It is lost. */
    public WindowLostException() {
        super("It is not ours any more", null, false, false);
    }
}
