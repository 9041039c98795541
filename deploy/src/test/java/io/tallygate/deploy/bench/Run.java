package io.tallygate.deploy.bench;

import java.util.List;
import java.util.Map;

/**
 * All that came out of one run.
 *
 * @param facts about machine and setup, in the order in which they are shown
 * @param missing groups that could not be measured, with the reason
 */
record Run(Map<String, String> facts, List<Line> lines, Map<String, String> missing) {}
