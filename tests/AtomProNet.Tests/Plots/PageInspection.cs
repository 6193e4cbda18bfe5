using System.Text.Json.Nodes;

namespace AtomProNet.Tests.Plots;

/// <summary>What a test asks a page that is open in a browser.</summary>
internal static class PageInspection
{
    /// <summary>
    /// Finds pairs of texts that overlap by more than a pixel in both directions, texts of a figure that reach beyond it, and the
    /// figures. Texts are taken node by node, with the rectangles of their lines.
    /// </summary>
    public const string Script = """
        (() => {
          const texts = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const parent = node.parentElement;
            if (!node.data.trim() || ['TITLE', 'DESC', 'STYLE', 'title', 'desc'].includes(parent.tagName)) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            for (const r of range.getClientRects()) if (r.width > 0 && r.height > 0) texts.push({ text: node.data.trim(), r, owner: parent.closest('text') ?? parent, svg: parent.closest('svg') });
          }
          for (const text of document.querySelectorAll('svg text')) texts.push({ text: text.textContent, r: text.getBoundingClientRect(), owner: text, svg: text.closest('svg') });
          const overlaps = [], outside = [];
          for (let i = 0; i < texts.length; i++) {
            const a = texts[i];
            for (let j = i + 1; j < texts.length; j++) {
              const b = texts[j];
              if (a.owner === b.owner || a.owner.contains(b.owner) || b.owner.contains(a.owner)) continue;
              const w = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), h = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
              if (w > 1 && h > 1) overlaps.push(`${a.svg ? a.svg.querySelector('title').textContent + ': ' : ''}${a.text} | ${b.text} (${w.toFixed(1)} x ${h.toFixed(1)})`);
            }
            if (a.svg) {
              const box = a.svg.getBoundingClientRect();
              if (a.r.left < box.left - 1 || a.r.right > box.right + 1 || a.r.top < box.top - 1 || a.r.bottom > box.bottom + 1) outside.push(`${a.svg.querySelector('title').textContent}: ${a.text}`);
            }
          }
          const colour = element => getComputedStyle(element);
          return {
            texts: texts.length, overlaps, outside,
            figures: [...document.querySelectorAll('figure')].map(f => { const s = f.querySelector('svg').getBoundingClientRect(); return { id: f.id, width: s.width, height: s.height, caption: f.querySelector('figcaption').textContent }; }),
            tables: [...document.querySelectorAll('table')].map(t => t.parentElement.id),
            scrollWidth: document.documentElement.scrollWidth, innerWidth: window.innerWidth,
            ground: colour(document.body).backgroundColor, ink: colour(document.body).color,
            labels: [...new Set([...document.querySelectorAll('svg text')].map(t => colour(t).fill))],
            scripts: document.scripts.length, hacked: typeof window.hacked,
          };
        })()
        """;

    public static string[] Strings(JsonNode? found, string name) => [.. found![name]!.AsArray().Select(n => (string)n!)];

    /// <summary>The luminance of <c>rgb(r, g, b)</c> as WCAG 2 defines it.</summary>
    public static double Luminance(string colour)
    {
        double[] parts = [.. colour[(colour.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',').Take(3).Select(p => int.Parse(p, System.Globalization.CultureInfo.InvariantCulture) / 255.0)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }

    /// <summary>The contrast of two colours, 1 to 21.</summary>
    public static double Contrast(string a, string b)
    {
        double x = Luminance(a), y = Luminance(b);
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }
}
