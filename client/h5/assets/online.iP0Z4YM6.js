import{aj as s,O as a,ak as n}from"./index-DJqY-ao_.js";function o(o){const t=s=>{s.isConnected&&o()};s(t),a(()=>n(t))}export{o as w};
