using System.Collections.Immutable;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Formats;

/// <summary>Writes many frames into files of one format. What a format cannot hold is refused frame by frame, with the reason.</summary>
internal interface IFrameSetWriter : IDisposable
{
    /// <summary>Takes a frame.</summary>
    /// <param name="frame">The frame; <see cref="WhyCannotHold"/> has been asked.</param>
    /// <param name="label">Which of its energies is the label; null for none.</param>
    void Write(Frame frame, EnergyKind? label);

    /// <summary>Why the format cannot hold a frame; null where it can.</summary>
    AtomProNetException? WhyCannotHold(Frame frame);

    /// <summary>Puts the files into the set under their names; they appear when the set is committed.</summary>
    /// <param name="files">The set.</param>
    /// <param name="path">The name that was asked for; several compositions may make several files of it.</param>
    IReadOnlyList<WrittenFrames> Complete(AtomicFileSet files, string path);
}

/// <summary>A file or folder of frames as it was written.</summary>
/// <param name="Path">Where it will stand.</param>
/// <param name="Formula">The formula of its frames; null where there are several.</param>
/// <param name="FrameCount">The number of frames.</param>
/// <param name="AtomCount">The number of atoms in all frames.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Hash">SHA-256, lower-case hex; of a folder: over the lines "hash  name" of its files in ordinal order.</param>
/// <param name="Files">The files of a folder, relative to it; empty for a file.</param>
internal sealed record WrittenFrames(string Path, string? Formula, int FrameCount, long AtomCount, long Length, string Hash, ImmutableArray<string> Files);
