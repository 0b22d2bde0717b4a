/**
 * Telnet as a layer over a stream link, and the signals that a mudlib speaks instead of it: `telnet(tcp({ port: 4000 }))`.
 *
 * @packageDocumentation
 */
export type { GmcpMessage, MsspFacts, WindowSize } from './signals.ts'
export { answerStrangers, type StrangerOptions } from './strangers/answer-strangers.ts'
export { telnet, telnetLayer } from './telnet.ts'
export type { ClientIdentity, TelnetOptions } from './telnet-options.ts'
export { type Remembers, type Terminal, terminal } from './terminal.ts'
export type { Colours, TerminalFacts } from './terminal-facts.ts'
