/** The address of a Citus coordinator whose table `radius_prints` the tests may drop; undefined when there is none. */
export function citusUrl(): string | undefined {
  return process.env['SAKSI_TEST_CITUS_URL'] || undefined
}
