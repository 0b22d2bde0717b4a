// `npx pnpm@12 test:nodes`: every test on the other Nodes that are supported; npm's `node` package brings them.
import { execFileSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Count, runSuite } from './suite.mjs'

const MAJORS = ['20', '22', '24']

/** @param {Count} count */
export async function runOnOtherNodes(count) {
  const own = process.versions.node.split('.')[0]
  // npm finds its settings beside the Node that runs it, and the other ones have none.
  const settings = execFileSync('npm', ['config', 'get', 'globalconfig'], { encoding: 'utf8' }).trim()
  for (const major of MAJORS.filter((one) => one !== own)) {
    const { version, folder } = fetchNode(major)
    await runSuite(count, {
      on: `Node ${version}`,
      env: {
        TEST_NODE: version,
        PATH: `${folder}${delimiter}${process.env.PATH}`,
        NPM_CONFIG_GLOBALCONFIG: settings,
      },
    })
  }
}

/** @param {string} major */
function fetchNode(major) {
  const print = 'node -p "JSON.stringify([process.versions.node, process.execPath])"'
  const answer = execFileSync('npx', ['--yes', `--package=node@${major}`, '--call', print], {
    encoding: 'utf8',
  })
  const [version, path] = JSON.parse(answer)
  return { version, folder: dirname(path) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = new Count()
  await runOnOtherNodes(count)
  process.stdout.write(`${count.summary}\n`)
  process.exitCode = count.ok ? 0 : 1
}
