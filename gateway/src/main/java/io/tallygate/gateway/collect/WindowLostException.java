package io.tallygate.gateway.collect;

/** The window is somebody else's by now, or is to be left: no failure. */
final class WindowLostException extends RuntimeException {
    WindowLostException() {
        super("The window is not ours any more", null, false, false);
    }
}
