package io.tallygate.bench.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of rows; on the last one there is no {@code nextLink}. */
record UsagePage(
        List<UsageAggregate> value,
        @JsonInclude(JsonInclude.Include.NON_NULL) String nextLink) {}
