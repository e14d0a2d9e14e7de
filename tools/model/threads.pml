/*
 * How threads share a program's work: src/runtime/thread.js (takeUnits, waitForStep, waitUntil, wake), commands.js (obey) and
 * pool.ts (command, post), one statement for each access to shared memory. README.md says how to check it.
 *
 * Left out: that counters wrap, and the time limit of a sleep, so that a wake-up that is lost shows as a deadlock. How many units
 * a thread takes at once is any number here. FAULT leaves a part of the protocol out: the check must find that.
 */

#ifndef THREADS
#define THREADS 2
#endif
#ifndef STEPS
#define STEPS 2
#endif
#ifndef RUNS
#define RUNS 2
#endif
/* Units of each thread's share of a step. */
#ifndef SHARE
#define SHARE 2
#endif

#ifndef FAULT
#define FAULT 0
#endif
#define NO_WAIT 1        /* a step does not wait for the one before */
#define NO_COMPARE 2     /* units are taken without a look at whether another thread took them */
#define LATE_SLEEPER 3   /* a thread counts itself among the sleepers only once it sleeps */
#define UNCOUNTED 4      /* messages are sent and not counted */

#define UNITS (THREADS * SHARE)

/* The control words, and a program's counters over all runs. */
byte command;
byte runNumber;
byte sleepers;
byte messages;
byte taken[STEPS * THREADS];
byte finished[STEPS];

/* Messages in each worker's queue, and those it has received. */
byte queue[THREADS];
byte received[THREADS];

/* What each thread sleeps on: a word's number, 0 when awake. Word 1 is the command, 2 + i the units done of step i. */
byte asleep[THREADS];

/* What is to be proved, which the threads themselves do not look at. */
byte begun[RUNS * STEPS * UNITS];
byte ended[RUNS * STEPS];
byte mainRun;
bool mainIsDone;

inline notify(word, t) {
  d_step {
    t = 0;
    do
    :: t < THREADS -> if :: asleep[t] == word -> asleep[t] = 0 :: else fi; t++
    :: else -> break
    od;
    t = 0
  }
}

/* Atomics.notify, where there may be anyone to be woken. */
inline wake(word, t) {
  if
  :: sleepers > 0 -> notify(word, t)
  :: else
  fi
}

/* One unit, from its first access to memory to its last. */
inline computeUnit(count, step, unit, t) {
  d_step {
    assert(begun[(count * STEPS + step) * UNITS + unit] == 0);
    begun[(count * STEPS + step) * UNITS + unit] = 1;
    /* The step before has ended; before the first one, the whole run before. */
    assert(count == mainRun);
    assert(step == 0 || ended[count * STEPS + step - 1] == UNITS)
  }
  ended[count * STEPS + step]++
}

/* ThreadProgram.runShared. */
inline runShared(me, count) {
  step = 0;
  do
  :: step == STEPS -> break
  :: else ->
    /* takeUnits */
    sum = 0;
    owner = 0;
    do
    :: owner == THREADS -> break
    :: else ->
      share = (me + owner) % THREADS;
      do
      :: true ->
        seenTaken = taken[step * THREADS + share];
        if
        :: seenTaken >= (count + 1) * SHARE -> break
        :: else
        fi;
        left = (count + 1) * SHARE - seenTaken;
        if
        :: part = 1
        :: left > 1 -> part = left
        fi;
        /* compareExchange */
        if
#if FAULT == NO_COMPARE
        :: taken[step * THREADS + share] = seenTaken + part;
#else
        :: atomic { taken[step * THREADS + share] == seenTaken -> taken[step * THREADS + share] = seenTaken + part };
#endif
          unit = share * SHARE + SHARE - left;
          sum = sum + part;
          do
          :: part > 0 -> computeUnit(count, step, unit, t); unit++; part--
          :: else -> break
          od;
          unit = 0
#if FAULT != NO_COMPARE
        :: atomic { taken[step * THREADS + share] != seenTaken -> part = 0 }
#endif
        fi
      od;
      owner++
    od;
    share = 0; owner = 0; left = 0; seenTaken = 0;
    if
    :: sum > 0 ->
      atomic { finished[step] = finished[step] + sum; value = finished[step] };
      if
      :: value == (count + 1) * UNITS -> wake(2 + step, t)
      :: else
      fi
    :: else
    fi;
    sum = 0; value = 0;
#if FAULT != NO_WAIT
    /* waitForStep: it may be found ready without a sleep, or after any number of them. */
    if
    :: finished[step] >= (count + 1) * UNITS
    :: true ->
#if FAULT != LATE_SLEEPER
      sleepers++;
#endif
      do
      :: true ->
        value = finished[step];
        if
        :: value >= (count + 1) * UNITS -> break
        :: else
        fi;
        atomic {
          if
          :: finished[step] == value -> asleep[me] = 2 + step
          :: else
          fi
        };
#if FAULT == LATE_SLEEPER
        sleepers++;
        asleep[me] == 0;
        sleepers--
#else
        asleep[me] == 0
#endif
      od;
#if FAULT != LATE_SLEEPER
      sleepers--;
#endif
      value = 0
    fi;
#endif
    step++
  od;
  step = 0
}

#define LOCALS byte step, sum, owner, share, seenTaken, left, part, unit, value, t

/* ThreadPool.command: odd while it is written. */
inline giveCommand(number) {
  command++;
  runNumber = number;
  command++;
  wake(1, t)
}

/* A command to do nothing, for workers that have messages to read. */
#define NOTHING RUNS

active proctype first() {
  LOCALS;
  byte count = 0;
  do
  :: count == RUNS -> break
  :: else ->
    /* ThreadPool.post, before each run: a program is loaded, or one is let go. */
#if FAULT != UNCOUNTED
    messages++;
#endif
    t = 1;
    do
    :: t < THREADS -> queue[t]++; t++
    :: else -> t = 0; break
    od;
    giveCommand(NOTHING);
    mainRun = count;
    giveCommand(count);
    runShared(0, count);
    d_step {
      step = 0;
      do
      :: step < STEPS -> assert(ended[count * STEPS + step] == UNITS); step++
      :: else -> break
      od;
      step = 0
    };
    count++
  od;
  mainIsDone = true
}

/* messageReceiver's obey. */
proctype worker(byte me) {
  LOCALS;
  byte seen = 0;
  byte now, count, known;
  do
  :: true ->
    /* waitUntil on the command */
    if
    :: command != seen && command % 2 == 0
    :: true ->
      sleepers++;
      do
      :: true ->
        value = command;
        if
        :: value != seen && value % 2 == 0 -> break
        :: else
        fi;
        atomic {
          if
          :: command == value -> asleep[me] = 1
          :: else
          fi
        };
end_idle:
        asleep[me] == 0
      od;
      sleepers--;
      value = 0
    fi;
    now = command;
    count = runNumber;
    known = messages;
    if
    :: command != now || now % 2 != 0 -> skip
    :: else ->
      if
      :: known != received[me] ->
        /* Back to the event loop, where the message that is missing comes. */
end_queue:
        queue[me] > 0;
        atomic { queue[me]--; received[me]++ }
      :: else ->
        seen = now;
        if
        :: count < RUNS -> runShared(me, count)
        :: else
        fi
      fi
    fi;
    now = 0; count = 0; known = 0
  od
}

init {
  atomic {
    byte i = 1;
    do
    :: i < THREADS -> run worker(i); i++
    :: else -> break
    od
  }
}

/* Every run comes to its end, and no worker stays behind with messages in its queue. */
ltl progress { <> mainIsDone }
ltl heard { <> [] (received[1] == messages && queue[1] == 0) }
