import{aj as s,O as a,ak as n}from"./index-B_f-J_wG.js";function o(o){const t=s=>{s.isConnected&&o()};s(t),a(()=>n(t))}export{o as w};
