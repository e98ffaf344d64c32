/** The composed graph, as it is committed. */
export const SUPERGRAPH_FILE = new URL('../../gateway/supergraph.graphql', import.meta.url)
  .pathname;
