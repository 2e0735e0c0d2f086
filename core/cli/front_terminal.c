/* SPDX-License-Identifier: Apache-2.0
 *
 * thing.host: files, folders, the terminal, the clock. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include "base/clock.h"
#include "bind/bind.h"
#include "cli/front.h"

#define LINE_MAX_BYTES 4096
#define PATH_BYTES 4096

static int failed(lua_State *L, const char *path)
{
    int code = errno == ENOENT ? TH_ENOTFOUND : errno == EACCES ? TH_EFORBIDDEN : TH_EIO;
    return th_bind_fail(L, -code, "%s: %s", path, strerror(errno));
}

/* ---- files ---- */

static int host_stat(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    struct stat st;

    if (stat(path, &st) != 0)
        return failed(L, path);
    lua_createtable(L, 0, 4);
    lua_pushstring(L, S_ISREG(st.st_mode) ? "file" : S_ISDIR(st.st_mode) ? "folder" : "other");
    lua_setfield(L, -2, "kind");
    lua_pushinteger(L, st.st_mode & 07777);
    lua_setfield(L, -2, "mode");
    lua_pushinteger(L, st.st_size);
    lua_setfield(L, -2, "size");
    lua_pushboolean(L, st.st_uid == geteuid());
    lua_setfield(L, -2, "mine");
    return 1;
}

static int host_list(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    lua_Integer at = 0;

    if (n < 0)
        return failed(L, path);
    lua_newtable(L);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            lua_pushstring(L, name);
            lua_rawseti(L, -2, ++at);
        }
        free(entries[i]);
    }
    free(entries);
    return 1;
}

static int host_make_folder(lua_State *L)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s", luaL_checkstring(L, 1));
    for (char *p = path + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char end = *p;
        *p = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return failed(L, path);
        if (end == '\0')
            break;
        *p = end;
    }
    lua_pushboolean(L, true);
    return 1;
}

static bool write_whole(int fd, struct th_str text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            text = (struct th_str){text.p + n, text.n - (size_t)n};
    }
    return fsync(fd) == 0;
}

/* Beside the file, then in its place. */
static int host_write_file(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    struct th_str text = th_bind_str(L, 2);
    char made[PATH_BYTES];
    mode_t mask = umask(0);

    umask(mask);
    luaL_argcheck(L, strlen(path) < sizeof made - 8, 1, "too long");
    snprintf(made, sizeof made, "%s.XXXXXX", path);
    int fd = mkostemp(made, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return failed(L, path);
    bool good = write_whole(fd, text) && (lua_toboolean(L, 3) || fchmod(fd, 0666 & ~mask) == 0);
    good = close(fd) == 0 && good;
    if (!good || rename(made, path) != 0) {
        int why = errno;
        unlink(made);
        errno = why;
        return failed(L, path);
    }
    lua_pushboolean(L, true);
    return 1;
}

/* ---- the terminal ---- */

static int host_is_terminal(lua_State *L)
{
    lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
    return 1;
}

/* Of the terminal behind standard output; nil when there is none. */
static int host_columns(lua_State *L)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 0;
    lua_pushinteger(L, size.ws_col);
    return 1;
}

/* Cells that a UTF-8 text takes; a byte or character that has no width counts as one. */
static int host_width(lua_State *L)
{
    struct th_str text = th_bind_str(L, 1);
    mbstate_t state = {0};
    lua_Integer cells = 0;

    while (text.n > 0) {
        wchar_t c;
        size_t n = mbrtowc(&c, text.p, text.n, &state);
        int width = 1;
        if (n == 0 || n > text.n) {
            n = 1;
            state = (mbstate_t){0};
        } else {
            width = wcwidth(c);
        }
        cells += width < 0 ? 1 : width;
        text = (struct th_str){text.p + n, text.n - n};
    }
    lua_pushinteger(L, cells);
    return 1;
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

/* Returns the length of the line, -1 at the end of the input or after a signal. */
static int read_line(int fd, char line[LINE_MAX_BYTES])
{
    int n = 0;

    while (interrupted == 0) {
        char c;
        ssize_t got = read(fd, &c, 1);
        if (got == 1 && c == '\n')
            return n;
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return n > 0 && got == 0 ? n : -1;
        if (n < LINE_MAX_BYTES - 1)
            line[n++] = c;
    }
    return -1;
}

/* The terminal itself, whatever standard input is; its echo comes back even after Ctrl-C. */
static int ask(int fd, const char *text, bool hidden, char line[LINE_MAX_BYTES])
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction before[4], now = {.sa_handler = on_signal};
    struct termios as_it_was, quiet;

    interrupted = 0;
    for (int i = 0; i < 4; i++)
        sigaction(numbers[i], &now, &before[i]);
    bool restore = hidden && tcgetattr(fd, &as_it_was) == 0;
    if (restore) {
        quiet = as_it_was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &quiet);
    }
    dprintf(fd, "%s", text);
    int n = read_line(fd, line);
    if (restore) {
        tcsetattr(fd, TCSAFLUSH, &as_it_was);
        dprintf(fd, "\n");
    }
    for (int i = 0; i < 4; i++)
        sigaction(numbers[i], &before[i], NULL);
    if (interrupted != 0)
        raise(interrupted);
    return n;
}

static int host_prompt(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    char line[LINE_MAX_BYTES];
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return th_bind_fail(L, -TH_EUNAVAIL, "there is no terminal to ask on");
    int n = ask(fd, text, lua_toboolean(L, 2), line);
    close(fd);
    if (n >= 0)
        lua_pushlstring(L, line, (size_t)n);
    explicit_bzero(line, sizeof line);
    return n >= 0 ? 1 : 0;
}

/* ---- the clock ---- */

static int host_now(lua_State *L)
{
    lua_pushinteger(L, th_clock_ms());
    return 1;
}

static int host_sleep(lua_State *L)
{
    lua_Integer ms = luaL_checkinteger(L, 1);
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&t, NULL);
    return 0;
}

static const luaL_Reg functions[] = {{"stat", host_stat}, {"list", host_list},
    {"make_folder", host_make_folder}, {"write_file", host_write_file}, {"is_terminal", host_is_terminal},
    {"columns", host_columns}, {"width", host_width}, {"prompt", host_prompt}, {"now", host_now},
    {"sleep", host_sleep}, {NULL, NULL}};

void th_front_terminal(lua_State *L)
{
    setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths of characters */
    luaL_setfuncs(L, functions, 0);
}
