/** The look of the public pages: the console's colours, light and dark, on a telephone and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#f5f6f8;--surface:#fff;--line:#d5dbe2;--ink:#17202a;--quiet:#51606f;--accent:#1f5fae;--alarm:#b91f1f;--alarm-ground:#fff1f0;--lamp:#0c0f13}
@media (prefers-color-scheme:dark){:root{--ground:#10151b;--surface:#181f27;--line:#36414d;--ink:#e7ebf0;--quiet:#9fabb8;--accent:#84afe5;--alarm:#f5a19b;--alarm-ground:#2a1618}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.55 'Be Vietnam Pro',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:anywhere}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:8px;top:-80px;background:var(--surface);padding:12px 16px;border-radius:8px}
.skip:focus{top:8px}
.wrap{max-width:1120px;margin:0 auto;padding:0 16px}
header.top{background:var(--surface);border-bottom:1px solid var(--line)}
header.top .wrap{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center;justify-content:space-between;padding-block:14px}
header.top a{display:inline-block;padding:6px 0}
.site{font-weight:600;text-decoration:none;color:inherit}
main{padding-block:8px 40px}
h1{font-size:1.5rem;line-height:1.3;margin:20px 0 4px}
h2{font-size:1.1875rem;line-height:1.4;margin:32px 0 12px}
h2.tight{margin:0 0 8px}
h3{font-size:1.0625rem;line-height:1.4;margin:0}
.quiet{color:var(--quiet);margin:4px 0}
.card{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:16px;margin:0 0 16px;display:grid;gap:12px;break-inside:avoid}
.card.alarm{border:2px solid var(--alarm);background:var(--alarm-ground)}
.card header{display:grid;gap:4px}
.badge{justify-self:start;font-size:.875rem;font-weight:600;border:1px solid currentcolor;border-radius:99px;padding:1px 10px;color:var(--accent)}
.alarm .badge,.badge.warn{color:var(--alarm)}
.badge.over{color:var(--quiet)}
.said p{margin:0 0 8px}
.said p:last-child{margin:0}
.said .heading{font-size:1.125rem}
.said ul{margin:0 0 8px;padding-left:1.3em}
.kind{color:var(--quiet)}
.scroll{overflow-x:auto;max-width:100%;margin:0 0 12px}
.pages{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr))}
summary{cursor:pointer;padding:10px 0;color:var(--accent);font-weight:600}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding-bottom:6px}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
figure{margin:0}
figure img{display:block;max-width:100%;height:auto;max-height:640px;background:var(--lamp);border-radius:6px}
figure.led img{image-rendering:pixelated;padding:6px}
figcaption{color:var(--quiet);font-size:.9375rem;padding-top:4px}
.warn{color:var(--alarm);margin:0}
.share{display:flex;flex-wrap:wrap;gap:8px;align-items:end}
.share label{display:grid;gap:2px;flex:1 1 260px;font-size:.9375rem;color:var(--quiet)}
input,button,.button{font:inherit;font-size:1rem;min-height:44px;border-radius:8px;border:1px solid var(--line);background:var(--surface);color:var(--ink);padding:8px 14px}
input{width:100%;min-width:0}
button,.button{cursor:pointer;display:inline-flex;align-items:center;text-decoration:none}
button.main{background:var(--accent);border-color:var(--accent);color:var(--surface);font-weight:600}
[hidden]{display:none}
footer{border-top:1px solid var(--line);color:var(--quiet);padding-block:16px 40px;font-size:.9375rem}
footer a{display:inline-block;padding:8px 0;margin-right:16px}
.past{padding:0;margin:0;list-style:none}
@media (min-width:820px){.card.wide{grid-template-columns:minmax(0,1fr) minmax(0,1.15fr);align-items:start}.card.wide>header,.card.wide>.foot{grid-column:1/-1}}
@media print{:root{--ground:#fff;--surface:#fff;--line:#999;--ink:#000;--quiet:#333;--accent:#000;--alarm:#000;--alarm-ground:#fff}.share,.skip,header.top a.lang,footer a{display:none}body{font-size:11pt}.card{padding:8pt}figure img{max-height:60mm}}
`.trim();
