package io.tallygate.bench.peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import tools.jackson.core.StreamWriteFeature;

/** The usage endpoint as a team would write it with Spring WebFlux and R2DBC: what the benchmark compares with. */
@SpringBootApplication
public class PeerApplication {
    /** Serves until it is told to stop. */
    public static void main(String[] args) {
        SpringApplication.run(PeerApplication.class, args);
    }

    /** Tells the benchmark that requests are answered from now on. */
    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        System.out.println("ready");
    }

    /** Decimals without exponents. */
    @Bean
    JsonMapperBuilderCustomizer plainDecimals() {
        return json -> json.enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
    }
}
