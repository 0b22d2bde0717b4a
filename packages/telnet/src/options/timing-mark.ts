/**
 * TIMING-MARK, RFC 860: whoever is asked answers when it comes to that place in the stream, WILL or WONT, and either is an
 * answer. So it is no option that is ever in force, and is kept apart from those. TinTin++ answers once and never again.
 */
export const TIMING_MARK = 6
