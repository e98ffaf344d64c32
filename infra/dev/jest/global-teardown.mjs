/** After the last suite: stops what global-setup.mjs started, and nothing else. */
export default async function globalTeardown() {
  await globalThis.mulinTestServers?.stop();
}
