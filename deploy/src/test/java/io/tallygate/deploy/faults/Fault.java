package io.tallygate.deploy.faults;

import java.util.Random;

/** What may go wrong on a site; each is healed again after a while. */
enum Fault {
    KILL_GATEWAY {
        @Override
        void inject(Site site, Random dice) {
            site.gateway(dice).kill();
        }

        @Override
        void heal(Site site) {
            site.gateways().forEach(GatewayProcess::awaitReady);
        }
    },
    KILL_POSTGRES {
        @Override
        void inject(Site site, Random dice) {
            site.killPostgres();
        }
    },
    TERMINATE_BACKENDS {
        @Override
        void inject(Site site, Random dice) {
            site.terminateBackends();
        }
    },
    LOSE_COMMITS {
        @Override
        void inject(Site site, Random dice) {
            site.databaseProxy(dice).loseCommits(1 + dice.nextInt(5));
        }
    },
    SILENT_DATABASE {
        @Override
        void inject(Site site, Random dice) {
            site.databaseProxy(dice).fallSilent();
        }
    },
    CUT_DATABASE {
        @Override
        void inject(Site site, Random dice) {
            site.databaseProxy(dice).cut();
        }
    },
    CUT_ENDPOINT {
        @Override
        void inject(Site site, Random dice) {
            site.endpointProxy(dice).cut();
        }
    },
    SILENT_ENDPOINT {
        @Override
        void inject(Site site, Random dice) {
            site.endpointProxy(dice).fallSilent();
        }
    },
    ENDPOINT_SLOW("{\"mode\":\"slow\",\"delayMs\":3000,\"count\":8}"),
    ENDPOINT_500("{\"mode\":\"500\"}"),
    ENDPOINT_429("{\"mode\":\"429\",\"retryAfter\":1,\"count\":10}"),
    ENDPOINT_GARBAGE("{\"mode\":\"garbage\"}"),
    ENDPOINT_HTML("{\"mode\":\"html\"}"),
    ENDPOINT_CLOSES("{\"mode\":\"close\"}"),
    ENDPOINT_FORGETS("{\"mode\":\"forget\"}"),
    ENDPOINT_PARTIAL("{\"mode\":\"partial\",\"count\":20}"),
    ENDPOINT_TRUNCATED("{\"mode\":\"truncated\"}"),
    ENDPOINT_WRONG_ECHO("{\"mode\":\"wrong-echo\",\"count\":20}"),
    ENDPOINT_401("{\"mode\":\"401\",\"count\":3}"),
    ENDPOINT_403("{\"mode\":\"403\",\"count\":2}");

    private final String mode;

    Fault() {
        this(null);
    }

    Fault(String mode) {
        this.mode = mode;
    }

    void inject(Site site, Random dice) {
        site.switchEndpoint(mode);
    }

    void heal(Site site) {
        site.heal();
    }
}
