// Compares a file that the visitor holds with a paper's hash, on their own machine: nothing is sent.
export function sameFile(scope) {
  for (const part of scope.querySelectorAll('[data-same-file]')) {
    if (!globalThis.crypto?.subtle) continue
    part.hidden = false
    const said = part.querySelector('[role="status"]')
    part.querySelector('input').addEventListener('change', async ({ target }) => {
      const [file] = target.files
      if (!file) return
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
      const hash = [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      said.textContent = hash === part.dataset.sameFile ? part.dataset.same : part.dataset.other
    })
  }
}
