// A receipt's pages with boxes over them: looked at, clicked on, words picked, boxes drawn.
// picture.py tells what goes in and what comes out.

const STEPS = [0.5, 0.75, 1, 1.5, 2, 3, 4];

// A word's corners along one axis: 0 across, 1 down.
const sides = (word, axis) => word.points.split(" ").map((pair) => Number(pair.split(",")[axis]));

export default {
  template: `
    <div class="picture" :class="'picture-' + mode">
      <div class="picture-tools" role="toolbar" :aria-label="texts.tools">
        <button type="button" class="tool" @click="zoom(-1)" :aria-label="texts.smaller"
          :title="texts.smaller" :disabled="step === 0">−</button>
        <button type="button" class="tool" @click="fit" :aria-label="texts.fit" :title="texts.fit">
          {{ Math.round(scale * 100) }} %</button>
        <button type="button" class="tool" @click="zoom(1)" :aria-label="texts.larger"
          :title="texts.larger" :disabled="step === ${STEPS.length - 1}">+</button>
        <slot></slot>
      </div>
      <div class="picture-pages" ref="pages" tabindex="0" role="region" :aria-label="texts.picture"
        @keydown="key" @wheel="wheel" @pointerdown="down" @pointermove="move" @pointerup="up"
        @pointercancel="drag = null">
        <figure v-for="page in pages" :key="page.number" class="picture-page"
          :style="{ width: scale * 100 + '%', aspectRatio: page.width + ' / ' + page.height }">
          <img :src="page.src" :alt="page.alt" draggable="false" :class="{ gone: gone[page.number] }"
            @load="come = { ...come, [page.number]: true }"
            @error="gone = { ...gone, [page.number]: true }">
          <p v-if="gone[page.number]" class="picture-gone" :class="{ below: words.length }"
            role="status">{{ texts.gone }}</p>
          <p v-else-if="!come[page.number]" class="picture-coming">{{ texts.coming }}</p>
          <svg :viewBox="'0 0 ' + page.width + ' ' + page.height" :data-page="page.number"
            preserveAspectRatio="none" aria-hidden="true">
            <text v-for="word in gone[page.number] ? words.filter((w) => w.page === page.number) : []"
              :key="'text-' + word.key" class="printed" v-bind="printed(word)">{{ word.text }}</text>
            <polygon v-for="word in words.filter((w) => w.page === page.number)" :key="word.key"
              class="word" :class="{ picked: picked.includes(word.key), at: at === word.key }"
              :points="word.points" :data-word="word.key"><title>{{ word.text }}</title></polygon>
            <polygon v-for="mark in marks.filter((m) => m.page === page.number)" :key="mark.key"
              class="mark" :class="['tone-' + mark.tone, { lit: lit === mark.key }]"
              :points="mark.points" :data-box="mark.key"><title>{{ mark.label }}</title></polygon>
            <rect v-if="frame && frame.page === page.number" class="rubber" :x="frame.left"
              :y="frame.top" :width="frame.right - frame.left"
              :height="frame.bottom - frame.top" />
          </svg>
        </figure>
        <p class="hidden" aria-live="polite">{{ said }}</p>
      </div>
    </div>`,
  props: {
    pages: Array,
    marks: { type: Array, default: () => [] },
    words: { type: Array, default: () => [] },
    picked: { type: Array, default: () => [] },
    mode: { type: String, default: "look" },
    boxes: Boolean,
    texts: Object,
  },
  data: () => ({ step: 2, lit: null, at: null, from: null, drag: null, come: {}, gone: {}, said: "" }),
  computed: {
    scale() {
      return STEPS[this.step];
    },
    // The frame that is being drawn: by the mouse, or by keyboard from one word to another.
    frame() {
      const drag = this.drag;
      if (drag?.moved && this.mode === "words") {
        const [left, right] = [drag.x, drag.toX].sort((a, b) => a - b);
        const [top, bottom] = [drag.y, drag.toY].sort((a, b) => a - b);
        return { page: drag.page, left, top, right, bottom };
      }
      if (!this.from) return null;
      const ends = this.words.filter((word) => word.key === this.from || word.key === this.at);
      const [across, down] = [0, 1].map((axis) => ends.flatMap((word) => sides(word, axis)));
      return {
        page: ends[0].page,
        left: Math.min(...across),
        top: Math.min(...down),
        right: Math.max(...across),
        bottom: Math.max(...down),
      };
    },
  },
  mounted() {
    for (const name of ["mouseover", "focusin"]) document.addEventListener(name, this.follow);
  },
  unmounted() {
    for (const name of ["mouseover", "focusin"]) document.removeEventListener(name, this.follow);
  },
  methods: {
    // A value that is pointed at, or has the focus, lights its box, and the other way round.
    follow(event) {
      if (!(event.target instanceof Element)) return;
      const value = event.target.closest("[data-mark]");
      const box = event.target.closest("[data-box]");
      if (box && !this.$el.contains(box)) return;
      this.light((value ?? box)?.dataset.mark ?? box?.dataset.box ?? null, Boolean(value));
    },
    light(key, show) {
      if (key === this.lit) return;
      this.lit = key;
      for (const value of document.querySelectorAll("[data-mark]"))
        value.classList.toggle("lit", value.dataset.mark === key);
      if (show && key) this.show(`[data-box="${CSS.escape(key)}"]`);
    },
    // Where a word is drawn as text, in place of a picture that is gone.
    printed(word) {
      const [left, right] = sides(word, 0);
      const [top, , bottom] = sides(word, 1);
      const high = bottom - top;
      return {
        x: left,
        y: bottom - high * 0.2,
        "font-size": high * 0.85,
        textLength: Math.max(1, right - left),
        lengthAdjust: "spacingAndGlyphs",
      };
    },
    show(selector) {
      const pages = this.$refs.pages.getBoundingClientRect();
      const place = this.$el.querySelector(selector)?.getBoundingClientRect();
      if (!place || (place.top >= pages.top && place.bottom <= pages.bottom)) return;
      const middle = place.top + place.height / 2 - pages.top - pages.height / 2;
      this.$refs.pages.scrollBy({ top: middle, behavior: "instant" });
    },
    zoom(by) {
      const pages = this.$refs.pages;
      const middle = (pages.scrollTop + pages.clientHeight / 2) / pages.scrollHeight;
      this.step = Math.min(Math.max(this.step + by, 0), STEPS.length - 1);
      this.$nextTick(() => {
        pages.scrollTop = middle * pages.scrollHeight - pages.clientHeight / 2;
      });
    },
    fit() {
      this.step = STEPS.indexOf(1);
    },
    wheel(event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1 : -1);
    },
    point(event, page) {
      const svg = this.$el.querySelector(`svg[data-page="${page}"]`);
      const seen = svg.getBoundingClientRect();
      const { width, height } = svg.viewBox.baseVal;
      return [
        Math.min(Math.max(((event.clientX - seen.left) / seen.width) * width, 0), width),
        Math.min(Math.max(((event.clientY - seen.top) / seen.height) * height, 0), height),
      ];
    },
    down(event) {
      const svg = event.target.closest("svg");
      if (!svg || event.button !== 0 || event.pointerType === "touch") return;
      const page = Number(svg.dataset.page);
      const [x, y] = this.point(event, page);
      const { scrollLeft, scrollTop } = this.$refs.pages;
      this.drag = { page, x, y, toX: x, toY: y, moved: false, scrollLeft, scrollTop };
      Object.assign(this.drag, { atX: event.clientX, atY: event.clientY, target: event.target });
    },
    move(event) {
      const drag = this.drag;
      if (!drag) return;
      const [across, down] = [event.clientX - drag.atX, event.clientY - drag.atY];
      if (!drag.moved && Math.hypot(across, down) < 4) return;
      if (!drag.moved) this.$refs.pages.setPointerCapture(event.pointerId);
      drag.moved = true;
      if (this.mode === "look") {
        this.$refs.pages.scrollLeft = drag.scrollLeft - across;
        this.$refs.pages.scrollTop = drag.scrollTop - down;
      } else {
        [drag.toX, drag.toY] = this.point(event, drag.page);
      }
    },
    up(event) {
      const [drag, frame] = [this.drag, this.frame];
      this.drag = null;
      const target = drag ? drag.target : event.target;
      if (!drag?.moved) return this.click(target, event);
      if (this.mode === "words") this.draw(frame, event.shiftKey);
    },
    // The words whose middles lie in the frame; where boxes are asked for, the frame as well.
    draw(frame, more) {
      const middle = (word, axis) => sides(word, axis).reduce((sum, side) => sum + side) / 4;
      const within = this.words.filter((word) => {
        const [x, y] = [middle(word, 0), middle(word, 1)];
        const beside = x < frame.left || x > frame.right || y < frame.top || y > frame.bottom;
        return word.page === frame.page && !beside;
      });
      const keys = within.map((word) => word.key);
      if (this.boxes) this.$emit("box", { ...frame, keys, more });
      else if (keys.length) this.pick(keys, more);
    },
    click(target, event) {
      const key = target?.dataset?.box;
      const word = target?.dataset?.word;
      if (word !== undefined && this.mode === "words") return this.pick([word], event.shiftKey);
      if (key === undefined) return;
      this.light(key, false);
      document.querySelector(`[data-mark="${CSS.escape(key)}"]`)?.focus();
      this.$emit("mark", { key });
    },
    pick(keys, more) {
      this.$emit("words", { keys, more });
    },
    key(event) {
      if (event.target !== this.$refs.pages || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? 1 : -1);
      else if (event.key === "0") this.fit();
      else if (this.mode === "words" && this.words.length) return this.walk(event);
      else return;
      event.preventDefault();
    },
    // Words by keyboard: arrows lead from one to the next, Enter picks, with Shift to those before.
    // Arrows with Shift draw a frame from the word to the one that they lead to, until Enter.
    walk(event) {
      const order = this.words.map((word) => word.key);
      const here = order.indexOf(this.at);
      const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: order.length - 1 };
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        next[event.key] = this.beside(here, event.key === "ArrowDown" ? 1 : -1);
      }
      if (event.key in next) {
        const word = this.words[Math.min(Math.max(next[event.key], 0), order.length - 1)];
        const onPage = here >= 0 && this.words[here].page === word.page;
        this.from = event.shiftKey && onPage ? (this.from ?? this.at) : null;
        this.at = word.key;
        this.said = word.text;
        this.$nextTick(() => this.show(`[data-word="${CSS.escape(word.key)}"]`));
      } else if (event.key === "Escape" && this.from) {
        this.from = null;
      } else if ((event.key === "Enter" || event.key === " ") && here >= 0) {
        if (this.from) this.draw(this.frame, false);
        else this.pick([this.at], event.shiftKey);
        this.from = null;
      } else {
        return;
      }
      event.preventDefault();
    },
    // The word of the next row that stands nearest above or below.
    beside(here, way) {
      if (here < 0) return 0;
      const rows = this.words.map((word) => word.row);
      const row = rows[here] + way;
      const middle = (word) => Number(word.points.split(",")[0]);
      let best = here;
      for (const [index, word] of this.words.entries()) {
        if (word.row !== row) continue;
        const nearer = (i) => Math.abs(middle(this.words[i]) - middle(this.words[here]));
        if (best === here || nearer(index) < nearer(best)) best = index;
      }
      return best;
    },
  },
};
