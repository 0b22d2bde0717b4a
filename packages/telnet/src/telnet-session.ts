import { LineEditor } from './line-editor.ts'
import { Negotiator, type NegotiatorEvents, type Party } from './negotiator.ts'
import type { Charset } from './nvt.ts'
import type { Role } from './option.ts'
import { ECHO } from './options/echo.ts'
import { END_OF_RECORD } from './options/end-of-record.ts'
import { GMCP, type GmcpState, sendGmcp } from './options/gmcp.ts'
import { OPTIONS, slotOf } from './options/index.ts'
import { LINEMODE } from './options/linemode.ts'
import { SGA } from './options/suppress-go-ahead.ts'
import { TIMING_MARK } from './options/timing-mark.ts'
import { sendWindowSize } from './options/window-size.ts'
import type { Output } from './output.ts'
import {
  AYT,
  BEL,
  DO,
  DONT,
  EC,
  EL,
  EOR,
  GA,
  IAC,
  subnegotiation,
  type Verb,
  WILL,
  WONT,
} from './protocol.ts'
import type { Session } from './session.ts'
import type { GmcpMessage, WindowSize } from './signals.ts'
import { Storm } from './storm.ts'
import type { TelnetSettings } from './telnet-options.ts'
import { type Learned, terminalFacts } from './terminal-facts.ts'

/** What a session needs of its link. */
export interface SessionHost {
  readonly mayCompress: boolean
  readonly isInflating: boolean
  tell(name: string, payload: unknown): void
  /** Gives data to the owner. */
  deliver(bytes: Uint8Array): void
  setCharset(charset: Charset): void
  startDeflating(): void
  stopDeflating(): void
  startInflating(): void
  /** The peer is not to be borne any longer. */
  fail(code: 'negotiation-storm'): void
}

/** Answers that take longer than this are not waited for. */
const PATIENCE_MS = 2_000
/** Bytes that wait to be sent: above that nothing is said that can be left out. */
const MOST_ANSWERS = 64 * 1024
const NOTHING = new Uint8Array(0)
/** Round trips under way. */
const MOST_PROBES = 8

/** The telnet of one link: what has been agreed upon, and what the client has said of itself. */
export class TelnetSession implements Session, NegotiatorEvents {
  readonly settings: TelnetSettings
  readonly negotiator: Negotiator = new Negotiator(this, slotOf)
  readonly facts: Learned = {}
  gmcp: GmcpState | undefined
  editor: LineEditor | undefined
  terminalTypes: string[] | undefined
  /** The owner has nothing against a NOP now and then. */
  isKeptAlive = true
  readonly #host: SessionHost
  readonly #output: Output
  /** Answers that are awaited; there only until it is settled. */
  #awaited: Set<string> | undefined
  /** When it began; there only until the client has answered, or has had the time to. */
  #openedAt: number | undefined
  /** The peer has sent a command: it speaks telnet. */
  #isTelnet = false
  #isMasked = false
  /** Lines that arrive are secret; and since when the end of that waits to be confirmed. */
  #isSensitive = false
  #unmaskedAt: number | undefined
  /** When the round trips under way began. */
  #probes: number[] | undefined
  readonly #storm = new Storm()

  constructor(settings: TelnetSettings, host: SessionHost, output: Output) {
    this.settings = settings
    this.#host = host
    this.#output = output
    this.#openedAt = this.now()
  }

  /** Says what a server wants, at once: most clients say nothing until they are asked. */
  open(): void {
    for (const option of OPTIONS) {
      const { opens, offered, informs } = this.role(option.code) ?? {}
      if (opens === undefined || offered?.(this) === false) continue
      if (informs) this.awaiting(`${opens} ${option.code}`)
      this.negotiator.request(option.code, opens, true)
    }
  }

  get mayCompress(): boolean {
    return this.#host.mayCompress
  }

  now(): number {
    return this.settings.clock.now()
  }

  send(bytes: readonly number[]): void {
    this.#output.command(bytes)
  }

  subnegotiate(option: number, body: Uint8Array | readonly number[]): void {
    this.#output.command(subnegotiation(option, body))
  }

  tell(name: string, payload: unknown): void {
    this.#host.tell(name, payload)
  }

  // What the parser finds.

  command(command: number): void {
    this.#isTelnet = true
    if (command === AYT) this.#output.write(this.mayAnswer ? '[Yes]\r\n' : '')
    else if (command === EC) this.editor?.eraseCharacter()
    else if (command === EL) this.editor?.eraseLine()
    else if (this.settings.side === 'client' && (command === GA || command === EOR))
      this.tell('prompt', undefined)
  }

  negotiation(verb: Verb, option: number): void {
    if (this.isStorm()) return
    if (option === TIMING_MARK) this.timingMark(verb)
    else {
      if (option === ECHO && verb === DONT) this.confirmUnmasked()
      this.negotiator.received(verb, option)
    }
  }

  subnegotiation(option: number, body: Uint8Array): void {
    // What the owner reads is slowed down as its lines are, and no storm.
    if (option === GMCP || !this.isStorm()) this.role(option)?.received?.(body, this)
  }

  // What the negotiator asks.

  allows(option: number, party: Party): boolean {
    return this.role(option)?.allows?.(party, this) === true
  }

  changed(option: number, party: Party, isOn: boolean): void {
    this.role(option)?.changed?.(party, isOn, this)
  }

  answered(option: number | string, party?: Party): void {
    this.#awaited?.delete(party === undefined ? String(option) : `${party} ${option}`)
    if (this.#awaited?.size === 0) this.settle()
  }

  awaiting(answer: string): void {
    if (this.isSettled) return
    this.#awaited ??= new Set()
    this.#awaited.add(answer)
  }

  // What options do.

  learned(): void {
    if (!this.isSettled) return
    const facts = terminalFacts(this.facts, {
      mode: this.editor ? 'character' : 'line',
      compression: { sent: this.#output.isCompressed, received: this.#host.isInflating },
      gmcp: [...(this.gmcp?.supports ?? [])],
      settled: true,
    })
    this.tell('terminal', facts)
  }

  markPrompt(): void {
    if (this.#output.midLine && this.settings.promptMarks) this.prompt()
  }

  setCharset(charset: Charset): void {
    if (this.settings.charset === 'auto') this.#host.setCharset(charset)
  }

  setCharacterMode(isOn: boolean): void {
    if (isOn === (this.editor !== undefined) || (isOn && this.negotiator.has(LINEMODE, 'him'))) return
    this.editor?.end(NOTHING)
    this.editor = isOn ? this.newEditor() : undefined
    // With keys, ECHO is ours for good, and masking is not to show them; with lines, ECHO itself masks.
    this.negotiator.request(ECHO, 'us', isOn || this.#isMasked)
    this.learned()
  }

  startDeflating(): void {
    this.#host.startDeflating()
    this.learned()
  }

  stopDeflating(): void {
    this.#host.stopDeflating()
    this.learned()
  }

  startInflating(): void {
    if (this.#host.isInflating) return
    this.#host.startInflating()
    this.learned()
  }

  // What the owner sends.

  /**
   * Sends a signal. False where this side cannot carry it, undefined where it is none of telnet's. It never throws: that
   * would end the connection.
   */
  signal(name: string, payload: unknown): boolean | undefined {
    const isServer = this.settings.side === 'server'
    switch (name) {
      case 'gmcp':
        return sendGmcp(payload as GmcpMessage, this)
      case 'roundTrip':
        return this.probe()
      case 'windowSize':
        return !isServer && sendWindowSize(payload as WindowSize, this)
      case 'prompt':
        return isServer && this.prompt()
      case 'echo':
        if (isServer) this.mask(payload === false)
        return isServer
      case 'bell':
        if (isServer) this.ring()
        return isServer
      case 'keepAlive':
        this.isKeptAlive = payload !== false
        return true
      default:
        return undefined
    }
  }

  /** Marks the end of what was written as a prompt. False where the client knows no mark, or has not said yet which. */
  prompt(): boolean {
    if (this.negotiator.has(END_OF_RECORD, 'us')) this.send([IAC, EOR])
    // Before it has answered, EOR may still be agreed upon, or SGA.
    else if (this.isSettled && this.#isTelnet && !this.negotiator.has(SGA, 'us')) this.send([IAC, GA])
    else return false
    this.#output.midLine = false
    return true
  }

  /** Looks at what has taken too long. False: there is nothing more to look at. */
  sweep(now: number): boolean {
    if (this.#openedAt !== undefined && now - this.#openedAt >= PATIENCE_MS) this.settle()
    if (this.#unmaskedAt !== undefined && now - this.#unmaskedAt >= PATIENCE_MS) this.confirmUnmasked()
    return !this.isSettled || this.#unmaskedAt !== undefined
  }

  private role(option: number): Role | undefined {
    const slot = slotOf(option)
    return slot === undefined ? undefined : OPTIONS[slot]?.[this.settings.side]
  }

  /** Not for who asks without end and never reads an answer. */
  get mayAnswer(): boolean {
    return this.#output.buffered < MOST_ANSWERS
  }

  /** Commands that come too fast are not answered, and in the end not borne. */
  private isStorm(): boolean {
    this.#isTelnet = true
    const verdict = this.#storm.count(this.now())
    if (verdict === 'end') this.#host.fail('negotiation-storm')
    return verdict !== 'answer'
  }

  private get isSettled(): boolean {
    return this.#openedAt === undefined
  }

  private settle(): void {
    if (this.isSettled || this.settings.side === 'client') return
    this.#openedAt = undefined
    this.#awaited = undefined
    this.learned()
    // A prompt that was written before anybody knew how to mark it.
    if (this.#isTelnet) this.markPrompt()
  }

  private mask(isMasked: boolean): void {
    if (isMasked === this.#isMasked) return
    this.#isMasked = isMasked
    this.#unmaskedAt = undefined
    const { editor, negotiator } = this
    if (editor) editor.masked = isMasked
    const waits = !isMasked && !editor && negotiator.wants(ECHO, 'us')
    if (!editor) negotiator.request(ECHO, 'us', isMasked)
    if (waits) this.#unmaskedAt = this.now()
    else this.setSensitive(isMasked)
  }

  /** A client that sends lines has read the end of the masking: what it sends from here on was typed in the open. */
  private confirmUnmasked(): void {
    if (this.#isMasked || this.#unmaskedAt === undefined) return
    this.#unmaskedAt = undefined
    this.setSensitive(false)
  }

  private setSensitive(isSensitive: boolean): void {
    if (isSensitive === this.#isSensitive) return
    this.#isSensitive = isSensitive
    this.tell('sensitive', isSensitive)
  }

  get waitsForUnmask(): boolean {
    return this.#unmaskedAt !== undefined
  }

  private newEditor(): LineEditor {
    const editor = new LineEditor(
      (text) => this.echo(text),
      (line) => this.#host.deliver(line),
    )
    editor.masked = this.#isMasked
    return editor
  }

  /** What is shown of typing changes nothing about where the line stands. */
  private echo(text: string): void {
    if (!this.mayAnswer) return
    const { midLine } = this.#output
    this.#output.write(text)
    this.#output.midLine = midLine && !text.endsWith('\n')
  }

  private ring(): void {
    const { midLine } = this.#output
    this.#output.write(String.fromCharCode(BEL))
    this.#output.midLine = midLine
  }

  private probe(): boolean {
    this.#probes ??= []
    if (!this.#isTelnet || this.#probes.length >= MOST_PROBES) return false
    this.#probes.push(this.now())
    this.send([IAC, DO, TIMING_MARK])
    return true
  }

  private timingMark(verb: Verb): void {
    if (verb === DO) this.send([IAC, WILL, TIMING_MARK])
    else if (verb === WILL || verb === WONT) {
      const sent = this.#probes?.shift()
      if (sent !== undefined) this.tell('roundTrip', this.now() - sent)
    }
  }
}
