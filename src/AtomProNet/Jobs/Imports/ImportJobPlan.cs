using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Imports;

/// <summary>
/// An import that runs where the outputs lie: so many jobs that each read a part of the tree with the launcher atompronet, and one that
/// puts their parts together by concatenation. The result equals, byte by byte, what one process writes.
/// </summary>
public sealed record ImportJobPlan
{
    private const int MaximumShards = 100_000;

    /// <summary>The tree of outputs, as an absolute path on the cluster.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The extended XYZ file to make, as an absolute path on the cluster. Its parts lie in a folder beside it until they are merged.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The number of parts.</summary>
    public required int Shards { get; init; }

    /// <summary>The cmdlet that reads, such as Import-Outcar.</summary>
    public string Cmdlet { get; init; } = "Import-DftResult";

    /// <summary>The launcher on the cluster: a name on its PATH or an absolute path.</summary>
    public string Executable { get; init; } = "atompronet";

    /// <summary>Throws where the plan cannot be carried out.</summary>
    /// <exception cref="AtomProNetException">A path is not absolute, or the number of parts makes no sense.</exception>
    public void Check()
    {
        foreach (string path in (string[])[SourcePath, OutputPath])
        {
            if (!path.StartsWith('/') || path.Contains('\n') || path.Contains('\0'))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "RemotePathNotAbsolute", "Paths on the cluster are absolute.", value: path, remedy: "Write it from the root on, such as /scratch/me/runs.");
            }
        }

        if (!OutputPath.EndsWith(".extxyz", StringComparison.Ordinal) && !OutputPath.EndsWith(".xyz", StringComparison.Ordinal))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "OutputNotExtendedXyz", "Parts can be put together in extended XYZ only.", value: OutputPath, remedy: "Name a file that ends in .extxyz; Convert-TrainingSet makes other formats of it.");
        }

        if (Shards is < 1 or > MaximumShards)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ShardCountInvalid", "The number of parts makes no sense.", value: Shards.ToString(CultureInfo.InvariantCulture), remedy: FormattableString.Invariant($"1 to {MaximumShards} are possible; a few minutes of work each are a good size."));
        }
    }

    /// <summary>Writes the folders of all jobs, the merging one last.</summary>
    /// <param name="destination">Where they go, as a full path.</param>
    /// <param name="force">Whether older ones may be replaced.</param>
    /// <param name="cancellation">Ends the writing between two folders.</param>
    /// <exception cref="AtomProNetException">A folder is there already.</exception>
    public IEnumerable<ImportJob> Write(string destination, bool force, CancellationToken cancellation)
    {
        Check();
        for (int number = 1; number <= Shards; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var shard = new TreeShard(number, Shards);
            yield return Write(destination, ShardName(number), ImportJobKind.Shard, shard, ShardScript(shard), force);
        }

        yield return Write(destination, "merge", ImportJobKind.Merge, null, MergeScript(), force);
    }

    private static string ShardName(int number) => number.ToString("shard-000000", CultureInfo.InvariantCulture);

    private ImportJob Write(string destination, string name, ImportJobKind kind, TreeShard? shard, string script, bool force)
    {
        using var folder = new AtomicFolder(Path.Combine(destination, name), force);
        folder.WriteScript(JobScript.FileName, script);
        folder.Commit();
        return new() { Name = name, Kind = kind, FolderPath = folder.FolderPath, SourcePath = SourcePath, Shard = shard, OutputPath = OutputPath };
    }

    private string PartsFolder => OutputPath + ".parts";

    // A part without any output is empty and no failure: the tree need not divide evenly. Errors of single files stand in the log, as
    // they would on the screen; the frames of the others are written all the same.
    private string ShardScript(TreeShard shard)
    {
        string folder = $"{PartsFolder}/{ShardName(shard.Number)}";
        string pipeline = $"{Cmdlet} -LiteralPath {PipelineText(SourcePath)} -Shard {shard} | Export-TrainingSet {PipelineText(folder + "/part.extxyz")} -Force";
        return $"""
            #!/bin/sh
            # Part {shard} of an import: {CommentText(SourcePath)}
            set -eu
            folder={PosixShell.Quote(folder)}
            rm -rf "$folder"
            mkdir -p "$folder"
            code=0
            {PosixShell.Quote(Executable)} {PosixShell.Quote(pipeline)} 2>"$folder/import.log" || code=$?
            cat "$folder/import.log" >&2
            if [ ! -e "$folder/part.extxyz" ]; then
                # No frame in this part, or something that a person has to look at?
                grep -q '\[ShardEmpty\]' "$folder/import.log" || exit "$code"
                : >"$folder/part.extxyz"
            fi
            : >"$folder/done"

            """.ReplaceLineEndings("\n");
    }

    // Each frame carries an id of its own within its part; two parts that hold the same frame would give it the same one, which one
    // process would have told apart. Names of many parts together are longer than the system lets one command line be: the shell lists them, xargs hands
    // them over so many at a time, in their order. They are relative, so that xargs has neither blank nor quote to stumble over.
    private string MergeScript() => $"""
        #!/bin/sh
        # Puts the parts of an import together: {CommentText(SourcePath)}
        set -eu
        parts={PosixShell.Quote(PartsFolder)}
        output={PosixShell.Quote(OutputPath)}
        wanted={Shards.ToString(CultureInfo.InvariantCulture)}
        cd "$parts" || {"{"} echo "There are no parts in $parts: nothing was merged." >&2; exit 3; {"}"}
        each() {"{"} for shard in shard-[0-9]*; do [ ! -e "$shard/$1" ] || echo "$shard/$1"; done; {"}"}
        found=$(ls | grep -c '^shard-') || found=0
        whole=$(each done | wc -l)
        if [ "$found" -ne "$wanted" ] || [ "$whole" -ne "$wanted" ]; then
            echo "Of $wanted parts not all are there: nothing was merged." >&2
            exit 3
        fi
        twice=$(each part.extxyz | xargs cat | grep -o ' frame_id=[^ ]*' | LC_ALL=C sort | LC_ALL=C uniq -d | head -n 1)
        if [ -n "$twice" ]; then
            echo "Two parts hold the same frame:$twice. Nothing was merged: the same output lies in two folders; take one of them away." >&2
            exit 4
        fi
        each part.extxyz | xargs cat >"$output.tmp"
        each import.log | xargs cat >"$output.log"
        mv "$output.tmp" "$output"
        cd /
        rm -rf "$parts"
        {PosixShell.Quote(Executable)} {PosixShell.Quote($"Test-TrainingSet {PipelineText(OutputPath)}")} || true

        """.ReplaceLineEndings("\n");

    private static string PipelineText(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string CommentText(string text) => text.ReplaceLineEndings(" ");
}
