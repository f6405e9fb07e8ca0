// What a Cortex-M4 needs before and after `main`, on Arm's MPS2 board with the AN386 image as QEMU has
// it. Words go out and characters come in by semihosting (Arm IHI 0100): no UART, no C library.
#include <stddef.h>
#include <stdint.h>

int main(void);
extern uint32_t stack_top[], bss_start[], bss_end[];

static int32_t semihost(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return (int32_t)r0;
}

// SYS_OPEN of ":tt", the console: mode 0 reads, 4 writes.
static int32_t console(uint32_t mode) {
    const uint32_t block[3] = {(uint32_t)(uintptr_t) ":tt", mode, 3};
    return semihost(0x01, block);
}

static char line[256];
static uint32_t held;

static void flush(void) {
    static int32_t out = -1;
    if (out < 0) out = console(4);
    const uint32_t block[3] = {(uint32_t)out, (uint32_t)(uintptr_t)line, held};
    semihost(0x05, block);
    held = 0;
}

int putchar(int character) {
    line[held++] = (char)character;
    if (character == '\n' || held == sizeof line) flush();
    return character;
}

int getchar(void) {
    static int32_t in = -1;
    unsigned char byte;
    if (in < 0) in = console(0);
    const uint32_t block[3] = {(uint32_t)in, (uint32_t)(uintptr_t)&byte, 1};
    return semihost(0x06, block) == 0 ? byte : -1;
}

// SYS_EXIT_EXTENDED with ADP_Stopped_ApplicationExit and a status.
__attribute__((noreturn)) void exit(int status) {
    if (held) flush();
    const uint32_t block[2] = {0x20026, (uint32_t)status};
    semihost(0x20, block);
    for (;;) {
    }
}

// Swift traps by an undefined instruction; every fault of the processor ends here.
static void fault(void) {
    static const char words[] = "the processor trapped\n";
    for (const char *c = words; *c; c++) putchar(*c);
    exit(70);
}

// The stack protector of the compiler: a fixed word is enough, nobody attacks this.
uintptr_t __stack_chk_guard = 0x51C0FFEE;
__attribute__((noreturn)) void __stack_chk_fail(void) {
    fault();
    for (;;) {
    }
}

void reset(void) {
    // CPACR: full access to the floating-point unit, before any of its instructions.
    *(volatile uint32_t *)0xE000ED88 |= 0xF << 20;
    __asm__ volatile("dsb\n isb");
    for (uint32_t *word = bss_start; word < bss_end; word++) *word = 0;
    exit(main());
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))stack_top, reset, fault, fault, fault, fault, fault,
};
