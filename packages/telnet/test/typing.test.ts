import { describe, expect, it } from 'vitest'
import { connected, textSignals } from './support/bench.ts'

const [SE, SB, WILL, DO, DONT, IAC] = [240, 250, 251, 253, 254, 255] as const

describe('ECHO', () => {
  it('masks again and again for a client that never acknowledges the end of it (TinTin++)', async () => {
    const connection = await connected()
    connection.sent()
    for (let round = 0; round < 3; round += 1) {
      connection.socket.signal('echo', false)
      connection.clock.run()
      expect(connection.sent()).toEqual(['WILL 1'])
      connection.say(IAC, DO, 1, 'secret\r\n')
      connection.socket.signal('echo', true)
      connection.clock.run()
      expect(connection.sent()).toEqual(['WONT 1'])
      connection.clock.advance(2_500)
      connection.say('look\r\n')
    }
    const round = [['sensitive', true], 'secret', ['sensitive', false], 'look']
    expect(textSignals(connection)).toEqual([...round, ...round, ...round])
  })

  it('calls lines sensitive until the client has read the end of the masking', async () => {
    const connection = await connected()
    connection.socket.signal('echo', false)
    connection.say(IAC, DO, 1, 'one\r\n')
    connection.socket.signal('echo', true)
    connection.say('two\r\n', IAC, DONT, 1, 'three\r\n')
    expect(textSignals(connection)).toEqual([
      ['sensitive', true],
      'one',
      'two',
      ['sensitive', false],
      'three',
    ])
    expect(connection.socket.last('sensitive')).toBe(false)
  })

  it('marks what is read after it was asked for, in the same packet too', async () => {
    const connection = await connected({
      handlers: (heard) => ({
        line(text, _info, socket) {
          heard.push(text)
          if (text === 'name') socket.signal('echo', false)
        },
        signal: ({ name, payload }) => void heard.push([name, payload]),
      }),
    })
    connection.say('name\r\n', IAC, DONT, 99, 'secret\r\n')
    expect(connection.heard).toEqual(['name', ['sensitive', true], 'secret'])
  })

  it('takes a refusal for one where the end before it has been acknowledged', async () => {
    const connection = await connected()
    connection.socket.signal('echo', false)
    connection.say(IAC, DO, 1)
    connection.socket.signal('echo', true)
    connection.say(IAC, DONT, 1)
    connection.socket.signal('echo', false)
    connection.say(IAC, DONT, 1)
    connection.sent()
    connection.socket.signal('echo', true)
    connection.socket.signal('echo', false)
    connection.clock.run()
    // It is off, and asked for anew; were it still waited for, nothing would be sent.
    expect(connection.sent()).toEqual(['WILL 1'])
  })

  it('takes the late end of one masking for no refusal of the next', async () => {
    const connection = await connected()
    connection.socket.signal('echo', false)
    connection.say(IAC, DO, 1)
    connection.socket.signal('echo', true)
    connection.socket.signal('echo', false)
    connection.clock.run()
    connection.sent()
    connection.say(IAC, DONT, 1, IAC, DO, 1, 'secret\r\n')
    connection.socket.signal('echo', true)
    connection.clock.run()
    expect(connection.sent()).toEqual(['WONT 1'])
    expect(textSignals(connection)).toEqual([['sensitive', true], 'secret'])
  })
})

describe('a client that sends keys', () => {
  it('is edited and echoed, and what is masked is not shown', async () => {
    const connection = await connected({ promptMarks: false })
    connection.sent()
    connection.say(IAC, DO, 3, IAC, DO, 1)
    expect(connection.sent()).toEqual(['WILL 3', 'WILL 1'])
    connection.say('lok', 8, 'ok', 13, 0)
    expect(connection.sent()).toEqual(['lok\b \bok\r\n'])
    connection.say('né', 127, IAC, 247, 'x', IAC, 248, 'y', 27, '[A', 21, 'z\r\n')
    expect(connection.sent().join('')).toBe('né\b \b\b \bx\b \by\b \bz\r\n')
    connection.socket.signal('echo', false)
    connection.say('pass\r\n')
    connection.socket.signal('echo', true)
    connection.say('who\r\n')
    expect(connection.sent()).toEqual(['who\r\n'])
    expect(textSignals(connection)).toEqual([
      'look',
      'z',
      ['sensitive', true],
      'pass',
      ['sensitive', false],
      'who',
    ])
  })

  it('shows no password, though it comes in one packet with the name', async () => {
    const connection = await connected({
      promptMarks: false,
      handlers: (heard) => ({
        line(text, _info, socket) {
          heard.push(text)
          socket.write(heard.length === 1 ? 'Password: ' : '\r\nWelcome.\r\n')
          socket.signal('echo', heard.length > 1)
        },
      }),
    })
    connection.say(IAC, DO, 3, IAC, DO, 1)
    connection.sent()
    connection.say('ada\rsecret\rlook\r')
    expect(connection.sent()).toEqual(['ada\r\nPassword: \r\nWelcome.\r\nlook\r\n\r\nWelcome.\r\n'])
    expect(connection.heard).toEqual(['ada', 'secret', 'look'])
  })

  it('is known by its terminal types, too (Windows telnet)', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 24)
    connection.sent()
    for (const type of ['ANSI', 'VT100', 'VT52', 'VTNT']) connection.say(IAC, SB, 24, 0, type, IAC, SE)
    expect(connection.sent()).toContain('WILL 3')
  })

  it('stays in line mode where it has LINEMODE (GNU telnet)', async () => {
    const connection = await connected()
    connection.sent()
    connection.say('half', IAC, DO, 3, ' and', IAC, WILL, 34)
    expect(connection.sent()).toEqual(['WILL 3', 'WILL 1', ' and', 'DO 34', 'SB 34 <1><3>'])
    connection.say(IAC, DO, 1)
    expect(connection.sent()).toEqual(['WONT 1'])
    connection.say(IAC, SB, 34, 1, 7, IAC, SE, ' half\r\n')
    expect(textSignals(connection)).toEqual(['half and half'])
  })
})

describe('prompts', () => {
  it('are marked with EOR where that is agreed upon, else with GA', async () => {
    const connection = await connected()
    connection.sent()
    connection.socket.write('Name: ')
    connection.clock.run()
    expect(connection.sent()).toEqual(['Name: '])
    connection.say(IAC, DO, 25)
    expect(connection.sent()).toEqual(['EOR'])
    connection.socket.write('line\r\n> ')
    connection.clock.run()
    expect(connection.sent()).toEqual(['line\r\n> ', 'EOR'])
    connection.clock.advance(2_500)
    connection.say(IAC, DONT, 25)
    connection.socket.write('> ')
    expect(connection.socket.signal('prompt', undefined)).toBe(true)
    connection.clock.run()
    expect(connection.sent()).toEqual(['WONT 25', '> ', 'GA'])
  })

  it('are not marked with GA while the client may still agree upon EOR', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, DONT, 42)
    connection.socket.write('Name: ')
    expect(connection.socket.signal('prompt', undefined)).toBe(false)
    connection.clock.run()
    expect(connection.sent()).toEqual(['Name: '])
    connection.clock.advance(2_500)
    expect(connection.sent()).toEqual(['GA'])
  })

  it('are not marked for who speaks no telnet', async () => {
    const connection = await connected()
    connection.sent()
    connection.socket.write('> ')
    expect(connection.socket.signal('prompt', undefined)).toBe(false)
    connection.clock.advance(5_000)
    expect(connection.sent()).toEqual(['> '])
  })
})
