// Parameters of addresses.

/** An address with its parameters; those that are null, false or empty are left out. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value != null && value !== "" && value !== false));
  return query.size > 0 ? `${path}?${query}` : path;
}
