// @apollo/gateway reports to its maker unless told not to. This module is imported before it, so that
// no deployment has to remember: nothing may call out of the street's network.
process.env.APOLLO_TELEMETRY_DISABLED = '1';
