using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AtomProNet.Tests;

/// <summary>
/// Independent tools that are written in Python (ASE, spglib, pymatgen), run by the system's interpreter. Where the interpreter or a
/// package is missing, the test that wants it is skipped and says so.
/// </summary>
internal static class SystemPython
{
    /// <summary>The system's interpreter.</summary>
    public const string Interpreter = "/usr/bin/python3";
    private static readonly ConcurrentDictionary<string, Lazy<string?>> Missing = new(StringComparer.Ordinal);

    /// <summary>Skips the test unless these packages can be imported.</summary>
    public static void SkipUnlessThere(params string[] packages)
    {
        string? reason = Missing.GetOrAdd(string.Join(',', packages), key => new(() => WhyMissing(key))).Value;
        Assert.SkipUnless(reason is null, reason ?? "");
    }

    /// <summary>Runs a script that reads JSON from standard input (as <c>data</c>) and leaves its result in <c>result</c>; returns that as JSON.</summary>
    /// <param name="script">Python, which finds json, sys and math imported.</param>
    /// <param name="data">What becomes <c>data</c>.</param>
    public static JsonElement Run(string script, object? data = null)
    {
        (int code, string output, string error) = Start("import json, sys, math\nimport warnings\nwarnings.filterwarnings('ignore')\ndata = json.load(sys.stdin)\n" + script + "\nprint('\\n\\x1e' + json.dumps(result))", JsonSerializer.Serialize(data));
        Assert.True(code == 0, $"Python failed: {error}");
        return JsonSerializer.Deserialize<JsonElement>(output[(output.LastIndexOf('\x1e') + 1)..]);
    }

    private static string? WhyMissing(string packages)
    {
        if (!File.Exists(Interpreter))
        {
            return $"{Interpreter} is missing.";
        }

        foreach (string package in packages.Split(','))
        {
            (int code, _, _) = Start($"import {package}", "");
            if (code != 0)
            {
                return $"{Interpreter} cannot import {package}.";
            }
        }

        return null;
    }

    private static (int Code, string Output, string Error) Start(string script, string input)
    {
        // The script goes through a file: a command line has a limit, and standard input carries the data.
        string file = Path.Combine(Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}.py");
        File.WriteAllText(file, script, new UTF8Encoding(false));
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Interpreter, [file])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = Encoding.UTF8,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            try
            {
                process.StandardInput.Write(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it read everything; its exit code tells.
            }

            process.WaitForExit();
            return (process.ExitCode, output.Result, error.Result);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
