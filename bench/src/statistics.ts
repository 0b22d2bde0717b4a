/** The middle of some numbers, and how sure that is. */
export interface Estimate {
  readonly median: number
  /** The 95 % interval of the median: what lies outside would be a coincidence. */
  readonly low: number
  readonly high: number
}

/** Half of the values lie within this of the median, on either side. */
export interface Spread {
  readonly median: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
}

/**
 * The median with its interval by order statistics, which assumes nothing about how the values are distributed: so many
 * of n values lie below the true median as of n coins show heads.
 */
export function estimate(values: readonly number[]): Estimate {
  const sorted = values.toSorted((one, two) => one - two)
  const reach = (1.96 * Math.sqrt(sorted.length)) / 2
  const middle = (sorted.length - 1) / 2
  return {
    median: quantile(sorted, 0.5),
    low: at(sorted, Math.floor(middle - reach)),
    high: at(sorted, Math.ceil(middle + reach)),
  }
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, two) => one - two)
  return {
    median: quantile(sorted, 0.5),
    lowerQuartile: quantile(sorted, 0.25),
    upperQuartile: quantile(sorted, 0.75),
  }
}

function quantile(sorted: readonly number[], part: number): number {
  const position = (sorted.length - 1) * part
  const below = at(sorted, Math.floor(position))
  return below + (at(sorted, Math.ceil(position)) - below) * (position - Math.floor(position))
}

function at(sorted: readonly number[], index: number): number {
  return sorted[Math.min(Math.max(index, 0), sorted.length - 1)] ?? Number.NaN
}
