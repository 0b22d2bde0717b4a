/** The numbers of the wire, once more and by hand: a peer shares nothing with what it tests. */
export const [NUL, LF, CR] = [0, 10, 13] as const
export const [SE, NOP, SB, WILL, DO, DONT, IAC] = [240, 241, 250, 251, 253, 254, 255] as const
export const [TIMING_MARK, NAWS, MCCP2, MCCP3, GMCP, NOBODYS] = [6, 31, 86, 87, 201, 99] as const
