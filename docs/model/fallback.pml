/* One paid unit whose tool names two generators: the first cannot be asked about a submit (no look-up),
 * the second can. A worker that may end at any point; what it knows is the claim. Requests are lost,
 * carried out without an answer, refused or rejected; jobs fail, or are refused for their content.
 *
 * Must hold: the second generator is asked only if the first can have no job of which nobody has heard;
 * nobody is asked after content was refused; the first has at most 1 + DOUBLES jobs for each generation
 * that is allowed; the unit ends, or is held.
 *
 * Each -D breaks one rule; Spin must find out (tools/model).
 */
#ifndef DOUBLES
#define DOUBLES 1      /* possible doubles of the unit */
#endif
#define GENERATIONS 2  /* at each generator */
#define FIRST  0
#define SECOND 1

mtype = { waiting, submitting, running, delivered, failed, held };

/* the claim */
mtype state = waiting;
byte who, doubles, generations;
/* the generators */
byte jobs[2];          /* that were accepted, ever */
byte unheard[2];       /* of these: nobody knows that they exist */
bit refused;           /* for its content */

inline move_on(in_doubt) {
#ifdef MOVE_IN_DOUBT
  if
  :: who == FIRST -> who = SECOND; generations = 0; state = waiting
  :: else -> state = failed
  fi
#else
  if
  :: who == FIRST && !(in_doubt) -> who = SECOND; generations = 0; state = waiting
  :: else -> state = failed
  fi
#endif
}

inline refuse_content() {
  refused = 1;
#ifdef CONTENT_MOVES
  move_on(doubles > 0)
#else
  state = failed
#endif
}

/* The request is out. The claim says `submitting` (or, broken, still `waiting`) until an answer is
 * recorded. */
inline submit() {
  assert(!refused);
  assert(who == FIRST || unheard[FIRST] == 0);
  if
  :: jobs[who] < 9 -> jobs[who]++;         /* accepted … */
     if
     :: generations++; state = running       /* … and the answer is recorded */
#ifdef RESET_DOUBLES
        ; doubles = 0
#endif
     :: unheard[who]++                       /* … and it is lost, or the worker ends before that */
     fi
  :: skip                                    /* it never arrived, and nobody knows */
  :: state = waiting                         /* refused: nothing was started */
  :: move_on(doubles > 0)                    /* the inputs are rejected */
  :: refuse_content()
  fi
}

inline look_up() {
  if
  :: who == SECOND && unheard[SECOND] > 0 -> unheard[SECOND]--; generations++; state = running
  :: who == SECOND && unheard[SECOND] == 0 -> state = waiting
#ifdef NO_LIMIT
  :: who == FIRST -> state = waiting
#else
  :: who == FIRST && doubles < DOUBLES -> doubles++; state = waiting
  :: who == FIRST && doubles >= DOUBLES -> state = held
#endif
  fi
}

inline poll() {
  if
  :: state = delivered
  :: generations < GENERATIONS -> state = waiting    /* it failed, and is made once more */
  :: generations >= GENERATIONS -> move_on(doubles > 0)
  :: refuse_content()
  fi
}

active proctype worker() {
  do
  :: atomic { state == waiting ->
       if
       :: skip;
#ifndef NO_INTENT
          state = submitting;
#endif
          if
          :: skip                            /* it ends before the request is out */
          :: submit()
          fi
       :: who == FIRST && doubles == 0 -> move_on(doubles > 0)   /* it takes no orders for long */
#ifdef MOVE_IN_DOUBT
       :: who == FIRST && doubles > 0 -> move_on(doubles > 0)
#endif
       fi
     }
  :: atomic { state == submitting -> look_up() }
  :: atomic { state == running -> poll() }
  :: state == delivered || state == failed || state == held -> break
  od;
  assert(jobs[FIRST] <= GENERATIONS + DOUBLES);
  assert(!(state == delivered && refused))
}
