import { connect as connectTcp } from 'node:net'
import { findProgram } from './programs.ts'
import { Relay } from './relay.ts'
import { Window } from './tmux.ts'

/** A client of Debian's that people play with, in a terminal. */
export interface Client {
  readonly name: string
  /** Undefined where it is not installed. */
  readonly program: string | undefined
  /** How a shell starts it. */
  readonly command: (program: string, port: number) => string
  /** How often it says what terminal it is before it repeats itself: then it has answered everything. */
  readonly terminalTypes: number
  /** What it says when it begins to hide what is typed, and when it ends that. PuTTY leaves both to the server. */
  readonly confirms: 'both' | 'begin' | 'nothing'
}

const tmux = findProgram('tmux')

export const TINTIN: Client = {
  name: 'TinTin++',
  program: findProgram('tt++'),
  command: (program, port) => `${program} -G -T -e '#session mud 127.0.0.1 ${port}'`,
  terminalTypes: 3,
  confirms: 'begin',
}
export const TINYFUGUE: Client = {
  name: 'TinyFugue',
  program: findProgram('tf'),
  command: (program, port) => `${program} -n -f/dev/null -l 127.0.0.1 ${port}`,
  terminalTypes: 5,
  confirms: 'both',
}
export const TELNET: Client = {
  name: 'GNU telnet',
  program: findProgram('telnet'),
  command: (program, port) => `${program} 127.0.0.1 ${port}`,
  terminalTypes: 2,
  confirms: 'both',
}
const PLINK: Client = {
  name: 'PuTTY plink',
  program: findProgram('plink'),
  command: (program, port) => `${program} -telnet -l player -P ${port} 127.0.0.1`,
  terminalTypes: 2,
  confirms: 'nothing',
}

export const CLIENTS: readonly Client[] = [TINTIN, TINYFUGUE, TELNET, PLINK]

/** Can it be tried here? */
export function isInstalled({ program }: Client): boolean {
  return tmux !== undefined && program !== undefined
}

/** A client at its keyboard, and the relay between it and the server. */
export interface Session {
  readonly window: Window
  readonly relay: Relay
}

/** Starts a client in a terminal of its own, and waits until it has answered all that it was asked. */
export async function connect(client: Client, serverPort: number): Promise<Session> {
  const relay = await Relay.before(serverPort)
  const window = new Window(client.name, client.command(client.program ?? '', relay.port))
  await window.shows('What is your name?')
  await relay.says('client', /^IAC SB TTYPE IS /, client.terminalTypes)
  return { window, relay }
}

/** Waits until the server has asked for the password so many times, and the client hides what is typed. */
export async function isMasked({ relay }: Session, client: Client, times: number): Promise<void> {
  await relay.says('server', /Password: "/, times)
  if (client.confirms !== 'nothing') await relay.says('client', /^IAC DO ECHO$/, times)
}

/** Waits until it has refused the password so many times, and the client shows again what is typed. */
export async function isUnmasked({ relay, window }: Session, client: Client, times: number): Promise<void> {
  await relay.says('server', /That is not the password/, times)
  if (client.confirms === 'both') await relay.says('client', /^IAC DONT ECHO$/, times)
  else await window.shows(new RegExp(`(?:That is not the password[^]*){${times}}`))
}

/** Makes an account, as somebody who comes and goes. */
export async function register(serverPort: number, name: string, password: string): Promise<void> {
  const socket = connectTcp(serverPort, '127.0.0.1')
  socket.write(`${name}\r\n${password}\r\n${password}\r\nquit\r\n`)
  let text = ''
  for await (const chunk of socket) text += chunk
  if (!text.includes('Goodbye.')) throw new Error(`${name} could not be registered:\n${text}`)
}

/** What both sides have sent, for a file. */
export function recording(relay: Relay): string {
  const server = markedQuestion(relay.transcript('server')).join('\n')
  const client = relay.transcript('client').join('\n')
  return `The server:\n\n${server}\n\nThe client:\n\n${client}\n`
}

/**
 * The first question is asked before anybody knows how to mark a prompt, and marked when the client has said that it speaks
 * telnet: before or behind other answers, as the packets come. Here the mark stands with its question.
 */
function markedQuestion(lines: readonly string[]): readonly string[] {
  const question = lines.indexOf('"What is your name? "')
  const mark = lines.findIndex((line, index) => index > question && /^(?:IAC (?:EOR|GA)|".*)$/.test(line))
  if (question < 0 || mark < 0 || lines[mark]?.startsWith('"')) return lines
  const others = [...lines.slice(0, mark), ...lines.slice(mark + 1)]
  return [...others.slice(0, question + 1), lines[mark] as string, ...others.slice(question + 1)]
}
