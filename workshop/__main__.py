"""The workshop's commands: python -m workshop --help"""

import argparse
import os
import sys
from pathlib import Path

try:
    from workshop import exercise as exercises
    from workshop import grade
    from workshop.explain import of_the_system
    from workshop.work import WORK, AlreadyOpen, Work
except ImportError as missing:
    sys.exit(f'workshop: {missing}: "make learn" installs what is needed')
except KeyboardInterrupt:
    sys.exit(130)


def main(argv=None):
    args = parse(argv)
    try:
        return args.command(args)
    except BrokenPipeError:  # whoever reads this has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f'workshop: {of_the_system(error)}', file=sys.stderr)
    except (AlreadyOpen, LookupError) as error:
        print(f'workshop: {error}', file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 1


def parse(argv):
    parser = argparse.ArgumentParser(prog='python -m workshop', description='Exercises that check themselves.')
    commands = parser.add_subparsers(required=True, dest='what')

    learn = commands.add_parser('learn', help='the next exercise, in this terminal')
    learn.add_argument('--work', type=Path, default=WORK, help='your files (workshop/work)')
    learn.set_defaults(command=run_learn)

    score = commands.add_parser('grade', help='check all exercises: a line for each, and the score')
    score.add_argument('--json', type=Path, metavar='FILE', help='write the results there, too')
    score.add_argument('work', type=Path, nargs='*', help="students' folders, each named after its student")
    score.set_defaults(command=run_grade)

    reset = commands.add_parser('reset', help='lay one exercise out anew; what was there is kept aside')
    reset.add_argument('name', help='of the exercise: 07_token, token or 7')
    reset.add_argument('--work', type=Path, default=WORK, help='your files (workshop/work)')
    reset.set_defaults(command=run_reset)
    return parser.parse_args(argv)


def run_learn(args):
    from workshop import learn  # here: the other commands need no terminal

    return learn.main(args.work)


def run_grade(args):
    for folder in args.work:
        if not folder.is_dir():
            raise LookupError(f'There is no folder {folder}.')
        Work(folder)  # says it now, too, if it is none that can be graded
    if args.json:
        try:
            args.json.open('a').close()  # now, not after all the work
        except OSError as error:
            raise OSError(f'{args.json} cannot be written: {error.strerror}.') from None
    grade.grade(exercises.load_all(), args.work, lambda line: print(line, flush=True), args.json)
    return 0


def run_reset(args):
    exercise = exercises.find(exercises.load_all(), args.name)
    kept = Work(args.work).reset(exercise)
    print(f'{exercise.name} is as it was.' + (f' Your files are kept in {kept}' if kept else ''))
    return 0


if __name__ == '__main__':
    sys.exit(main())
