/*
 * The choreography of speculation and reclamation, for spin.
 *
 * One agent that runs, deoptimizes and collects; one compile thread; one concurrent marker. A guard may fail, an assumption may die and
 * a collection may be asked for at any moment. What is modelled is the protocol, not the work: a code object is a few bits, a
 * compilation is a snapshot and a delay, the heap has an old host, a young object, and an old object that the agent hides
 * from the marker as well as it can.
 *
 * Claims, asserted where they could break:
 *   order      store buffers are flushed before roots are scanned, before anything is unlinked, before the release (CHOR-1)
 *   live code  no code is freed while a frame has a return address in it (CODE-1)
 *   marked     marked code is never entered again, by a call or by on-stack replacement; control does not come back to code whose
 *              assumptions died (DEOPT-4)
 *   stale      no code is installed whose assumptions died while it was compiled
 *   young      no young object is lost that an old one refers to (HEAP-2)
 *   old        no reachable object is swept, whatever the agent does during marking
 *   capture    no safepoint lies between capture and replace (DEOPT-3)
 *   deadlock   spin's own: every state has a way on, or is an end where all threads may stay
 *
 * Code and objects meet in the collector alone, so check.sh looks at them one after the other: with PART_CODE the agent speculates, with
 * PART_OBJECTS it moves objects about. All of both together is too much to search.
 *
 * Each FAULT_ name takes one rule away. check.sh demands that spin finds the consequence of each:
 *
 *   FAULT_ENTRY_STAYS in PART_CODE: a bailout leaves the entry of the feedback cell as it is
 *   FAULT_OSR_UNCHECKED in PART_CODE: on-stack replacement does not look whether the code is marked
 *   FAULT_NO_PATCH in PART_CODE: activations are not patched when an assumption dies
 *   FAULT_PATCH_WITH_MARK in PART_CODE: they are patched only where the code was not marked before
 *   FAULT_NO_RECHECK in PART_CODE: the result of a job is installed without another look at its assumptions
 *   FAULT_CACHE_KEPT in PART_CODE: the visit of the weak list forgets a cache
 *   FAULT_FREE_ACTIVE in PART_CODE: it frees code without a look at the frames
 *   FAULT_POLL_IN_DEOPT in PART_CODE: a poll between capture and replace
 *   FAULT_CODE_WITHOUT_BARRIER in PART_CODE: code is published without the marking barrier
 *   FAULT_EARLY_RELEASE in PART_OBJECTS: threads are released before the weak processing
 *   FAULT_ROOTS_FIRST in PART_OBJECTS: roots are scanned before store buffers are flushed
 *   FAULT_NO_BARRIER in PART_OBJECTS: a store of a young object is not recorded
 *   FAULT_NO_INSERTION_BARRIER in PART_OBJECTS: a store during marking is not told to the marker
 *   FAULT_NO_FINAL_STACK in PART_OBJECTS: the last pause does not scan the stack
 */

#define CODES 2
#define DEPTH 2
#define LAST_VERSION 1

#define INTERPRETER 0          /* in a frame, a cell or a cache: no code */

mtype = { idle, requested, snapshot, ready };           /* a compile job */
mtype = { white, grey, black };                         /* what the marker knows of an old object */
mtype = { running, stopped, flushed, rooted, unlinked };/* a collection pause */

/* ---- code: index 1 to CODES; state of index 0 is not used ---- */
bool live[CODES + 1];
bool marked[CODES + 1];        /* for deoptimization */
bool listed[CODES + 1];        /* on the weak list of deoptimized code */
bool aged[CODES + 1];          /* in the old generation */
byte made[CODES + 1];          /* the version of the assumptions it was compiled for */
mtype color[CODES + 1] = white;

byte cell = INTERPRETER;       /* the code slot of the feedback cell */
byte entry = INTERPRETER;      /* its entry: the trampoline or code */
byte osr = INTERPRETER;        /* the entry of the cache of code for loops; weak */
bool cellScanned;              /* the marker has been here */

/* ---- the agent's stack ---- */
byte frame[DEPTH];
bool patched[DEPTH];           /* the return address into the frame leads to the lazy exit */
byte depth = 1;
bool deoptimizing;

/* ---- assumptions and the job ---- */
byte version = 0;
mtype job = idle;
byte jobVersion;
bool jobForLoop;

/* ---- the young object and its old host ---- */
bool young;                    /* it exists */
bool youngOnStack;
bool youngInHost;
bool inStoreBuffer;
bool remembered;

/* ---- the old object that the agent moves about during marking ---- */
bool oldLives = true;
bool oldOnStack;
bool oldInHost = true;
bool hostScanned;
mtype oldColor = white;
bool oldInLocalWorklist;

/* ---- safepoints ---- */
mtype pause = running;
bool stopRequested;
bool markerStopped;
bool compilerStopped;
bool marking;
bool handshakeRequested;
bool finishRequested;

#define IN_FRAME(c) ((depth > 0 && frame[0] == c) || (depth > 1 && frame[1] == c))

/* ------------------------------------------------------------------ deoptimization */

/* Marks a code, closes its entry and appends it to the weak list. Allocates nothing, takes no lock, tells no thread. */
inline mark_code(c)
{
	if
	:: !marked[c] ->
		marked[c] = true;
#ifndef FAULT_ENTRY_STAYS
		if
		:: entry == c -> entry = INTERPRETER
		:: else
		fi;
#endif
		assert(!listed[c]);
		listed[c] = true
	:: else
	fi
}

/* A guard fails in the topmost frame. The steps are apart: the other threads go on meanwhile. */
inline bail_out(c)
{
	c = frame[depth - 1];
	deoptimizing = true;       /* capture */
#ifdef FAULT_POLL_IN_DEOPT
	poll();
#endif
	assert(pause == running);
	frame[depth - 1] = INTERPRETER; /* write and replace */
	patched[depth - 1] = false;
	deoptimizing = false;
	mark_code(c);              /* account */
	c = 0
}

/*
 * A map changes, a constant is written: code that relies on it dies; its activations notice when control comes back to them. That
 * holds for code that was marked before, too: a guard that failed in one activation has not patched the others.
 */
inline assumption_dies(c)
{
	atomic {
		version++;
		c = 1;
		do
		:: c <= CODES ->
			if
			:: live[c] && made[c] < version ->
#ifdef FAULT_PATCH_WITH_MARK
				if
				:: marked[c] -> c++; goto next
				:: else
				fi;
#endif
				mark_code(c);
#ifndef FAULT_NO_PATCH
				if
				:: depth > 0 && frame[0] == c -> patched[0] = true
				:: else
				fi;
				if
				:: depth > 1 && frame[1] == c -> patched[1] = true
				:: else
				fi
#endif
			:: else
			fi;
			c++;
#ifdef FAULT_PATCH_WITH_MARK
next:			skip
#endif
		:: else -> break
		od;
		c = 0
	}
}

/*
 * Control comes back to the topmost frame, from a call or from the runtime. Other activations of code that failed a guard may go
 * on: their own guards protect them. Where an assumption died, no activation may.
 */
inline resume()
{
	if
	:: patched[depth - 1] ->
		frame[depth - 1] = INTERPRETER;
		patched[depth - 1] = false
	:: else ->
		assert(frame[depth - 1] == INTERPRETER || live[frame[depth - 1]]);
		assert(frame[depth - 1] == INTERPRETER || made[frame[depth - 1]] == version)
	fi
}

/* ------------------------------------------------------------------ calls */

inline enter_code(c)
{
	assert(live[c]);
	assert(!marked[c]);
	frame[depth] = c;
	patched[depth] = false;
	depth++
}

inline call()
{
	if
	:: entry == INTERPRETER -> frame[depth] = INTERPRETER; patched[depth] = false; depth++
	:: else -> enter_code(entry)
	fi
}

/* A loop of the interpreter looks into the cache. Nobody has cleared the cache yet when the code was marked a moment ago. */
inline enter_loop()
{
	if
#ifdef FAULT_OSR_UNCHECKED
	:: osr != INTERPRETER ->
#else
	:: osr != INTERPRETER && !marked[osr] ->
#endif
		assert(live[osr]);
		assert(!marked[osr]);
		frame[depth - 1] = osr
	:: else
	fi
}

/* ------------------------------------------------------------------ barriers of the agent */

inline store_young()
{
	youngInHost = true;
#ifndef FAULT_NO_BARRIER
	inStoreBuffer = true
#endif
}

inline store_old()
{
	oldInHost = true;
#ifndef FAULT_NO_INSERTION_BARRIER
	if
	:: marking && oldColor == white -> oldColor = grey; oldInLocalWorklist = true
	:: else
	fi
#endif
}

/* Code enters the cell: the marker may have been there already. */
inline publish_code(c)
{
#ifndef FAULT_CODE_WITHOUT_BARRIER
	if
	:: marking && color[c] == white -> color[c] = grey
	:: else
	fi
#else
	skip
#endif
}

/* ------------------------------------------------------------------ collections, by the agent */

inline stop_others()
{
	assert(!deoptimizing);
	stopRequested = true;
	(markerStopped && compilerStopped);
	pause = stopped
}

inline release_others()
{
	assert(pause == unlinked);
	atomic {
		pause = running;
		stopRequested = false
	}
}

inline flush()
{
	remembered = remembered || inStoreBuffer;
	inStoreBuffer = false;
	pause = flushed
}

/* The weak list: dead code is unlinked from every cache and freed, live code loses its ways in. */
inline visit_weak_list(c, everything)
{
	assert(pause == rooted);
	c = 1;
	do
	:: c <= CODES ->
		if
		:: live[c] && listed[c] && (everything || !aged[c]) ->
			if
			:: cell == c -> cell = INTERPRETER
			:: else
			fi;
#ifndef FAULT_CACHE_KEPT
			if
			:: osr == c -> osr = INTERPRETER
			:: else
			fi;
#endif
#ifdef FAULT_FREE_ACTIVE
			if
			:: true ->
#else
			if
			:: !IN_FRAME(c) ->
#endif
				assert(!IN_FRAME(c));
				assert(entry != c && cell != c);
				live[c] = false; marked[c] = false; listed[c] = false; aged[c] = false; made[c] = 0; color[c] = white
			:: else -> aged[c] = true
			fi
		:: live[c] && !listed[c] && !aged[c] -> aged[c] = true
		:: else
		fi;
		c++
	:: else -> break
	od;
	c = 0;
	pause = unlinked
}

inline scan_young_roots()
{
	assert(pause == flushed);
	pause = rooted;
	if
	:: young && !youngOnStack && !(youngInHost && remembered) ->
		assert(!youngInHost);
		young = false
	:: else
	fi;
	/* What survives twice is old: the host no longer refers to a young object. */
	if
	:: !youngInHost -> remembered = false
	:: else
	fi
}

inline scavenge(c)
{
	stop_others();
	/* The other threads do not move: one step is as good as many. */
	atomic {
#ifdef FAULT_ROOTS_FIRST
		pause = flushed;
		scan_young_roots();
		remembered = remembered || inStoreBuffer;
		inStoreBuffer = false;
#else
		flush();
		scan_young_roots();
#endif
#ifdef FAULT_EARLY_RELEASE
		release_others();
		pause = rooted;
#endif
		visit_weak_list(c, false)
	}
	release_others()
}

/* The last pause of a marking: the agent's own worklist and its stack, then everything that is left. */
inline finish_marking(c)
{
	stop_others();
	atomic {
		flush();
		pause = rooted;
		if
		:: oldInLocalWorklist -> oldInLocalWorklist = false
		:: else
		fi;
#ifndef FAULT_NO_FINAL_STACK
		if
		:: oldOnStack && oldColor == white -> oldColor = grey
		:: else
		fi;
#endif
		if
		:: !hostScanned && oldInHost && oldColor == white -> oldColor = grey
		:: else
		fi;
		if
		:: oldColor == grey -> oldColor = black
		:: else
		fi;
		/* Sweep. */
		if
		:: oldLives && oldColor == white ->
			assert(!oldOnStack && !oldInHost);
			oldLives = false
		:: else
		fi;
		/* Code: frames are roots; what neither a frame nor an open way reaches goes. */
		c = 1;
		do
		:: c <= CODES ->
			if
			:: live[c] && IN_FRAME(c) -> color[c] = black
			:: live[c] && !cellScanned && cell == c && color[c] == white -> color[c] = grey
			:: else
			fi;
			if
			:: color[c] == grey -> color[c] = black
			:: else
			fi;
			if
			:: live[c] && aged[c] && color[c] == white && !listed[c] ->
				assert(!IN_FRAME(c) && entry != c && cell != c);
				/* The cache holds its code weakly. */
				if
				:: osr == c -> osr = INTERPRETER
				:: else
				fi;
				live[c] = false; aged[c] = false; made[c] = 0
			:: else
			fi;
			color[c] = white;
			c++
		:: else -> break
		od;
		visit_weak_list(c, true);
		oldColor = white;
		hostScanned = false;
		cellScanned = false;
		marking = false;
		finishRequested = false;
		handshakeRequested = false
	}
	release_others()
}

/* ------------------------------------------------------------------ what the agent does at a poll */

inline install(c)
{
	atomic {
		c = 1;
		do
		:: c <= CODES && live[c] -> c++
		:: else -> break
		od;
		if
		:: c > CODES -> skip               /* no room: the job's result is dropped */
#ifndef FAULT_NO_RECHECK
		:: c <= CODES && jobVersion != version -> skip
		:: c <= CODES && jobVersion == version ->
#else
		:: c <= CODES ->
#endif
			assert(jobVersion == version);
			live[c] = true;
			made[c] = jobVersion;
			color[c] = white;
			if
			:: jobForLoop -> osr = c
			:: else -> cell = c; entry = c; publish_code(c)
			fi
		fi;
		job = idle;
		jobVersion = 0;
		c = 0
	}
}

inline poll()
{
	if
	:: handshakeRequested -> atomic { handshakeRequested = false; oldInLocalWorklist = false }
	:: finishRequested -> finish_marking(i)
	:: job == ready -> install(i)
	:: else
	fi
}

active proctype agent()
{
	byte i = 0;

end_agent:
	do
#ifdef PART_CODE
	/* calls and returns */
	:: atomic { depth < DEPTH -> call() }
	:: atomic { depth > 1 -> depth--; frame[depth] = INTERPRETER; patched[depth] = false; resume() }
	:: atomic { depth > 0 && frame[depth - 1] == INTERPRETER -> enter_loop() }
	/* speculation */
	:: depth > 0 && frame[depth - 1] != INTERPRETER -> bail_out(i)
	:: version < LAST_VERSION -> assumption_dies(i); poll(); resume()
	:: job == idle -> atomic { job = requested; if :: jobForLoop = true :: jobForLoop = false fi }
#endif
#ifdef PART_OBJECTS
	/* the young object */
	:: atomic { !young -> young = true; youngOnStack = true }
	:: atomic { young && youngOnStack && !youngInHost -> store_young() }
	:: atomic { youngOnStack -> assert(young); youngOnStack = false }
	:: atomic { youngInHost -> assert(young); if :: youngOnStack = true :: youngInHost = false fi }
	/* the old object */
	:: atomic { oldInHost && !oldOnStack -> assert(oldLives); oldOnStack = true }
	:: atomic { oldOnStack && !oldInHost -> assert(oldLives); store_old() }
	:: atomic { oldInHost && oldOnStack -> oldInHost = false }
	:: atomic { oldOnStack && oldInHost -> oldOnStack = false }
#endif
	/* collection */
	:: scavenge(i)
	:: atomic { !marking && oldLives -> marking = true }
	:: poll()
	od
}

/* ------------------------------------------------------------------ the other threads */

active proctype compiler()
{
end_compiler:
	do
	:: atomic { stopRequested && !compilerStopped -> compilerStopped = true }
	:: atomic { !stopRequested && compilerStopped -> compilerStopped = false }
	:: atomic { !compilerStopped && job == requested -> jobVersion = version; job = snapshot }
	:: atomic { !compilerStopped && job == snapshot -> job = ready }
	od
}

active proctype marker()
{
	bool asked = false;

end_marker:
	do
	:: atomic { stopRequested && !markerStopped -> markerStopped = true }
	:: atomic { !stopRequested && markerStopped -> markerStopped = false }
	:: atomic { !markerStopped && marking && !hostScanned ->
		hostScanned = true;
		if
		:: oldInHost && oldColor == white -> oldColor = grey
		:: else
		fi }
	:: atomic { !markerStopped && marking && !cellScanned ->
		cellScanned = true;
		if
		:: cell != INTERPRETER && color[cell] == white -> color[cell] = grey
		:: else
		fi }
	/* It sees what the agent has published, not what is in the agent's own worklist. */
	:: atomic { !markerStopped && marking && oldColor == grey && !oldInLocalWorklist -> oldColor = black }
	:: atomic { !markerStopped && marking && hostScanned && cellScanned && !asked && !handshakeRequested && !finishRequested -> handshakeRequested = true; asked = true }
	:: atomic { !markerStopped && asked && !handshakeRequested && marking && !finishRequested -> finishRequested = true; asked = false }
	:: atomic { asked && !marking -> asked = false }
	od
}
