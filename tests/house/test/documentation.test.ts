import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { packages, ROOT } from './workspace.ts'

const FOLDER = fileURLToPath(new URL('../.snippets', import.meta.url))

/** Every Markdown file that shows code. */
function documents(): readonly string[] {
  const guides = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map(
    (name) => `docs/${name}`,
  )
  const readmes = packages().flatMap(({ folder }) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
  )
  return ['README.md', ...guides, ...readmes].filter((name) => name.endsWith('.md'))
}

it('compiles every piece of TypeScript that the documentation shows', () => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER)
  let count = 0
  for (const document of documents()) {
    const text = readFileSync(join(ROOT, document), 'utf8')
    for (const [, code = ''] of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
      count += 1
      const name = `${document.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${count}.ts`
      writeFileSync(join(FOLDER, name), `${code}\nexport {}\n`)
    }
  }
  writeFileSync(
    join(FOLDER, 'tsconfig.json'),
    JSON.stringify({
      extends: `./${relative(FOLDER, join(ROOT, 'tests/house/tsconfig.json'))}`,
      include: ['*.ts'],
    }),
  )
  expect(count).toBeGreaterThan(0)
  const tsc = join(ROOT, 'tests/house/node_modules/.bin/tsc')
  const { stdout, status } = spawnSync(tsc, ['-p', FOLDER], { encoding: 'utf8' })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})
