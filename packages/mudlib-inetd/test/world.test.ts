import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openTown, settle } from './support/town.ts'

const SQUARE = [
  'Market square',
  'Stalls stand around a dry fountain, and news travels faster here than anybody can walk. A lane leads north, a bridge begins in the east, and in the west a door stands open.',
  'Exits: north, east and west.',
  'Here you see an apple and a paper boat.',
]

describe('the login', () => {
  it('asks for a name, and lets who has one into the world', async () => {
    const town = await openTown()
    const ada = await town.connect()
    expect(ada.hear()).toEqual(['Welcome to Mudwire, a small town by a river.', 'What is your name? '])
    expect(ada.type('aDA')).toEqual([
      'Welcome, Ada. Type help for what you can do.',
      ...SQUARE,
      'Also here: a grey cat.',
    ])
    expect(town.world.names).toEqual(['Ada'])
  })

  it.each([
    ['', 'A name has 2 to 16 letters.'],
    ['A', 'A name has 2 to 16 letters.'],
    ['Abcdefghijklmnopq', 'A name has 2 to 16 letters.'],
    ['Ada Lovelace', 'A name has only the letters A to Z.'],
    ['Адa', 'A name has only the letters A to Z.'],
    ['__proto__', 'A name has only the letters A to Z.'],
    ['someone', 'That word is needed elsewhere.'],
  ])('does not take %j for a name', async (typed, why) => {
    const town = await openTown()
    const person = await town.connect()
    expect(person.type(typed).pop()).toBe(`${why} What is your name? `)
    expect(town.world.names).toEqual([])
  })

  it('does not let two people have one name', async () => {
    const town = await openTown()
    await town.connect('Ada')
    const second = await town.connect()
    expect(second.type('ADA').pop()).toBe(
      'Somebody of that name is in the world already. What is your name? ',
    )
    expect(second.type('Bob')[0]).toBe('Welcome, Bob. Type help for what you can do.')
  })

  it('takes names like constructor for what they are', async () => {
    const town = await openTown()
    const person = await town.connect()
    expect(person.type('constructor').pop()).toBe('Also here: a grey cat.')
    expect(person.type('tell toString hello')).toEqual(['There is nobody of that name here.'])
  })

  it('gives telnet commands and other bytes that are not text no meaning', async () => {
    const town = await openTown()
    const person = await town.connect()
    person.hear()
    person.peer.send(new Uint8Array([0xff, 0xfd, 0x18, 0xff, 0xfb, 0x1f, 0x0d, 0x0a]))
    expect(person.hear().pop()).toBe('A name has only the letters A to Z. What is your name? ')
    expect(person.type('Ada')[0]).toBe('Welcome, Ada. Type help for what you can do.')
  })

  it('waits two minutes for a name', async () => {
    const town = await openTown()
    const person = await town.connect()
    town.clock.advance(119_000)
    expect(person.peer.ended).toBe(false)
    town.clock.advance(1_000)
    expect(person.hear().pop()).toBe('You have not said who you are for 120 seconds. Goodbye.')
    await settle(town.clock)
    expect(person.peer.closed).toMatchObject({ code: 'login-timeout', wire: 1008 })
    const patient = await town.connect('Ada')
    town.clock.advance(600_000)
    expect(patient.peer.ended).toBe(false)
  })

  it('says so when the world is full', async () => {
    const town = await openTown({ mostPlayers: 1 })
    await town.connect('Ada')
    const second = await town.connect()
    expect(second.hear()).toEqual(['The world is full right now. Please come back later.'])
    await settle(town.clock)
    expect(second.peer.closed).toBeDefined()
  })
})

describe('in the world', () => {
  it('people in one room hear each other, and nobody else does', async () => {
    const town = await openTown()
    const [ada, bob, eve] = [await town.connect('Ada'), await town.connect('Bob'), await town.connect('Eve')]
    for (const person of [ada, bob, eve]) person.hear()
    expect(eve.type('n').at(-1)).toBe('Here you see a brass lantern.')
    expect(ada.hear()).toEqual(['Eve leaves north.'])
    bob.hear()
    expect(ada.type('say hello, all')).toEqual(['You say: hello, all'])
    expect(bob.hear()).toEqual(['Ada says: hello, all'])
    expect(ada.type(':waves')).toEqual(['Ada waves'])
    expect(bob.hear()).toEqual(['Ada waves'])
    expect(ada.type("'hi")).toEqual(['You say: hi'])
    expect(eve.hear()).toEqual([])
    expect(ada.type('chat anybody?')).toEqual(['[chat] Ada: anybody?'])
    expect(eve.hear()).toEqual(['[chat] Ada: anybody?'])
    bob.hear()
    expect(ada.type('tell eve come back')).toEqual(['You tell Eve: come back'])
    expect(eve.hear()).toEqual(['Ada tells you: come back'])
    expect(eve.type('s').slice(-1)).toEqual(['Also here: Ada, Bob and a grey cat.'])
    expect(ada.hear()).toEqual(['Eve arrives.'])
    expect(ada.type('who')).toEqual(['3 people are here:', 'Ada (you)', 'Bob', 'Eve'])
  })

  it('things are picked up, carried and put down', async () => {
    const town = await openTown()
    const [ada, bob] = [await town.connect('Ada'), await town.connect('Bob')]
    ada.hear()
    bob.hear()
    expect(ada.type('inventory')).toEqual(['You carry nothing.'])
    expect(ada.type('get the paper boat')).toEqual(['You pick up a paper boat.'])
    expect(bob.hear()).toEqual(['Ada picks up a paper boat.'])
    expect(bob.type('take boat')).toEqual(['You see nothing like that here.'])
    expect(ada.type('i')).toEqual(['You carry a paper boat.'])
    ada.type('east')
    bob.hear()
    expect(ada.type('drop boat')).toEqual(['You put down a paper boat.'])
    expect(ada.type('drop boat')).toEqual(['You carry nothing like that.'])
    expect(bob.type('east')).toContain('Here you see a paper boat.')
  })

  it('says what it does not understand, and what there is', async () => {
    const town = await openTown()
    const ada = await town.connect('Ada')
    expect(ada.type('dance')).toEqual(['That is not something you can do here. Type help for what is.'])
    expect(ada.type('   ')).toEqual([])
    expect(ada.type('go')).toEqual(['Go where? The exits are north, east and west.'])
    expect(ada.type('go down')).toEqual(['There is no way down.'])
    expect(ada.type('say')).toEqual(['Say what?'])
    expect(ada.type('emote')).toEqual(['Emote what?'])
    expect(ada.type('tell')).toEqual(['Tell whom what?'])
    expect(ada.type('tell ada')).toEqual(['Tell Ada what?'])
    expect(ada.type('get')).toEqual(['Get what?'])
    expect(ada.type('drop')).toEqual(['Drop what?'])
    expect(ada.type('who')).toEqual(['You are alone in the world.', 'Ada (you)'])
    const help = ada.type('HELP').join('\n')
    for (const word of [
      'look',
      'go',
      'say',
      'tell',
      'who',
      'emote',
      'get',
      'drop',
      'inventory',
      'help',
      'quit',
    ]) {
      expect(help).toMatch(new RegExp(`^${word}`, 'm'))
    }
  })

  it('the cat is seen to wander', async () => {
    const town = await openTown()
    const ada = await town.connect('Ada')
    ada.hear()
    town.clock.advance(20_000)
    expect(ada.hear()).toEqual(['A grey cat wanders off north.'])
    town.clock.advance(20_000)
    expect(ada.hear()).toEqual(['A grey cat wanders in from the north.'])
    expect(ada.type('look').at(-1)).toBe('Also here: a grey cat.')
  })
})

describe('who leaves', () => {
  it('says goodbye and is seen to leave, and what they carried stays', async () => {
    const town = await openTown()
    const [ada, bob] = [await town.connect('Ada'), await town.connect('Bob')]
    ada.type('get apple')
    bob.hear()
    expect(ada.type('quit')).toEqual(['Goodbye.'])
    expect(bob.hear()).toEqual(['Ada leaves the world.'])
    await settle(town.clock)
    expect(ada.peer.closed).toMatchObject({ code: 'quit' })
    expect(town.world.names).toEqual(['Bob'])
    expect(bob.type('look')).toContain('Here you see a paper boat and an apple.')
    expect((await town.connect('Ada')).hear()).toEqual([])
  })

  it.each(['close', 'reset'] as const)('is seen to be gone when the connection %ss', async (how) => {
    const town = await openTown()
    const [ada, bob] = [await town.connect('Ada'), await town.connect('Bob')]
    bob.hear()
    ada.peer[how]()
    expect(bob.hear()).toEqual(['Ada is gone.'])
    expect(town.world.names).not.toContain('Ada')
    expect(town.errors).toEqual([])
  })

  it('is told when the world closes', async () => {
    const town = await openTown()
    const ada = await town.connect('Ada')
    ada.hear()
    town.world.close('The world is closing.')
    await settle(town.clock)
    expect(ada.peer.text).toMatch(/The world is closing\.\r\n$/)
    expect(ada.peer.closed).toMatchObject({ wire: 1001, text: 'The world is closing.' })
  })
})

describe('what one player types', () => {
  it('never brings a control character to another’s terminal', async () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '\x1b[2J',
          '\x07',
          '\x9b',
          '\u202e',
          '\u2066',
          '\u200b',
          '\ufeff',
          '\u2028',
          '\x7f',
          '\t',
          '\0',
        ),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(
        nasty,
        fc.constantFrom('say ', ':', 'tell bob ', '', 'get '),
        async (text, command) => {
          const town = await openTown()
          const [ada, bob] = [await town.connect('Ada'), await town.connect('Bob')]
          bob.hear()
          ada.peer.send(`${command}${text}\n`)
          bob.hear()
          for (const { peer } of [ada, bob]) {
            expect(peer.text.replaceAll('\r\n', '')).not.toMatch(
              /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/u,
            )
          }
          expect(town.errors).toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is shown as U+FFFD where it is not text', async () => {
    const town = await openTown()
    const [ada, bob] = [await town.connect('Ada'), await town.connect('Bob')]
    bob.hear()
    ada.peer.send(Buffer.concat([Buffer.from('say '), Buffer.from([0xff, 0xfe]), Buffer.from(' ünï\n')]))
    expect(bob.hear()).toEqual(['Ada says: \uFFFD\uFFFD ünï'])
  })

  it('closes the connection where the line is beyond the limit, and nobody else is disturbed', async () => {
    const town = await openTown()
    const [ada, bob] = [await town.connect('Ada'), await town.connect('Bob')]
    bob.hear()
    ada.peer.send(`say ${'x'.repeat(8 * 1024)}\n`)
    await settle(town.clock)
    expect(ada.peer.closed).toMatchObject({ code: 'line-too-long', wire: 1009 })
    expect(bob.hear()).toEqual(['Ada is gone.'])
  })
})
