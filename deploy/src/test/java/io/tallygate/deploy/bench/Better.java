package io.tallygate.deploy.bench;

/** Which way a figure gets better. */
enum Better {
    HIGHER,
    LOWER
}
