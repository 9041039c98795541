package io.tallygate.gateway.portal;

import java.util.Locale;
import java.util.function.Consumer;

/** What happens to sessions, for whoever counts it. */
public enum PortalEvent {
    SIGNED_IN,
    SIGN_IN_FAILED,
    RENEWED,
    RENEWAL_FAILED,
    SIGNED_OUT;

    /** Tells nobody. */
    public static final Consumer<PortalEvent> UNHEARD = event -> {};

    /** What it is called outside. */
    public String word() {
        String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
        StringBuilder word = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            word.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return word.toString();
    }
}
