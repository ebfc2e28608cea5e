/* What a test measures on the page that is open; each is given the least number of px. */
({
  smallLetters(least) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found = []
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim()
      const holder = walker.currentNode.parentElement
      if (!text || !holder.checkVisibility() || holder.closest('script, style, [aria-hidden=true], .unseen')) continue
      const size = parseFloat(getComputedStyle(holder).fontSize)
      if (size < least - 0.01) found.push(`${text.slice(0, 20)}: ${size}px`)
    }
    return found
  },
  smallTargets(least) {
    const roles = ['button', 'link', 'tab', 'switch', 'radio', 'checkbox'].map((role) => `[role=${role}]`)
    const name = (each) => (each.getAttribute('aria-label') || each.textContent).trim().slice(0, 20)
    // The framework draws a field's border around the browser's own input.
    const height = (each) => (each.closest('uni-input, uni-textarea') ?? each).getBoundingClientRect().height
    return [...document.querySelectorAll([...roles, 'input', 'textarea'].join(','))]
      .filter((each) => each.checkVisibility() && !each.closest('[aria-hidden=true]'))
      .filter((each) => height(each) < least - 0.5)
      .map((each) => `${name(each)}: ${Math.round(height(each))}px`)
  },
})
