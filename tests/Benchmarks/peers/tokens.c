/* The floor for text with numbers: finds the tokens and calls strtod, nothing else. One side of tests/Benchmarks/compare.
 *   tokens outcar FILE          every table TOTAL-FORCE of an OUTCAR
 *   tokens xyz-read FILE        species and six numbers a line of an extended XYZ file of one frame
 *   tokens xyz-write FILE OUT   the same numbers again, by fprintf with eight decimals
 * Lines on standard input: "run" is answered by the seconds of the clock and of the processor, "numbers FILE" writes the doubles. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static char *text;
static size_t length, capacity, count;
static double *numbers;
static char (*symbols)[4];
static size_t atoms;

static void put(double value)
{
    if (count == capacity) {
        numbers = realloc(numbers, (capacity = capacity ? 2 * capacity : 1 << 20) * sizeof *numbers);
    }
    numbers[count++] = value;
}

static void load(const char *path)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &info)) {
        perror(path);
        exit(1);
    }
    if (!text) {
        text = malloc(info.st_size + 1);
    }
    length = fread(text, 1, info.st_size, file);
    text[length] = 0;
    fclose(file);
}

static void outcar(const char *path)
{
    load(path);
    count = 0;
    char *at = text;
    while ((at = memmem(at, text + length - at, "TOTAL-FORCE (eV/Angst)", 22))) {
        at = strchr(strchr(at, '\n') + 1, '\n') + 1;
        while (strncmp(at, " ----", 5)) {
            for (int i = 0; i < 6; i++) {
                put(strtod(at, &at));
            }
            at = strchr(at, '\n') + 1;
        }
    }
}

static void xyz_read(const char *path)
{
    load(path);
    count = 0;
    char *at = text;
    atoms = strtoul(at, &at, 10);
    if (!symbols) {
        symbols = malloc(atoms * sizeof *symbols);
    }
    at = strchr(strchr(at, '\n') + 1, '\n') + 1;
    for (size_t i = 0; i < atoms; i++) {
        int k = 0;
        while (*at == ' ') {
            at++;
        }
        while (*at != ' ' && k < 3) {
            symbols[i][k++] = *at++;
        }
        symbols[i][k] = 0;
        for (k = 0; k < 6; k++) {
            put(strtod(at, &at));
        }
        at = strchr(at, '\n') + 1;
    }
}

static void xyz_write(const char *path)
{
    FILE *file = fopen(path, "wb");
    fprintf(file, "%zu\nLattice=\"130 0 0 0 130 0 0 0 130\" Properties=species:S:1:pos:R:3:forces:R:3 pbc=\"T T T\"\n", atoms);
    for (size_t i = 0; i < atoms; i++) {
        double *v = numbers + 6 * i;
        fprintf(file, "%-2s %16.8f %16.8f %16.8f %16.8f %16.8f %16.8f\n", symbols[i], v[0], v[1], v[2], v[3], v[4], v[5]);
    }
    fclose(file);
}

static double processor(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + 1e-6 * (use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc < 3) {
        return 2;
    }
    int writes = !strcmp(argv[1], "xyz-write");
    if (writes) {
        xyz_read(argv[2]);
    }
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        double wall = now(), cpu = processor();
        writes ? xyz_write(argv[3]) : !strcmp(argv[1], "outcar") ? outcar(argv[2]) : xyz_read(argv[2]);
        if (!strcmp(line, "run")) {
            printf("%.9f %.9f\n", now() - wall, processor() - cpu);
        } else {
            FILE *file = fopen(line + 8, "wb");
            fwrite(numbers, sizeof *numbers, count, file);
            fclose(file);
            puts("done");
        }
        fflush(stdout);
    }
    return 0;
}
