package io.tallygate.deploy;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * The tests of the portal, one after the other in one test process: what they look at, the demo with its month of usage, takes a
 * minute to make and is made once.
 */
@Suite
@SelectPackages("io.tallygate.deploy.portal")
@IncludeClassNamePatterns(".*IT")
class PortalInBrowserIT {}
