using System.Runtime.InteropServices;
using System.Text;
using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>What the kernel knows of a loaded program.</summary>
/// <param name="Id">The kernel's id, as <c>bpftool prog show id</c> takes it.</param>
/// <param name="Name">The name the kernel kept: at most 15 characters.</param>
/// <param name="Tag">Hash of the instructions, 16 hexadecimal digits.</param>
/// <param name="JitedBytes">Size of the machine code; 0 when interpreted or when the reader lacks privileges.</param>
/// <param name="TranslatedBytes">Size of the verified BPF code.</param>
/// <param name="VerifiedInstructions">How many instructions the verifier walked; 0 before Linux 5.16.</param>
/// <param name="RunStats">What running it has cost.</param>
public sealed record BpfProgramInfo(
    uint Id, string Name, string Tag, uint JitedBytes, uint TranslatedBytes, uint VerifiedInstructions, BpfRunStats RunStats)
{
    internal static unsafe BpfProgramInfo Read(int fd, string program)
    {
        var info = ReadRaw(fd, program);
        var name = new ReadOnlySpan<byte>(info.Name, 16);
        return new BpfProgramInfo(
            info.Id,
            Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]),
            Convert.ToHexStringLower(new ReadOnlySpan<byte>(info.Tag, 8)),
            info.JitedProgramLength,
            info.TranslatedProgramLength,
            info.VerifiedInstructions,
            new BpfRunStats(info.RunTimeNs, info.RunCount, info.RecursionMisses));
    }

    internal static BpfRunStats ReadRunStats(int fd, BpfProgram program)
    {
        var info = ReadRaw(fd, program);
        return new BpfRunStats(info.RunTimeNs, info.RunCount, info.RecursionMisses);
    }

    private static unsafe Raw ReadRaw(int fd, object program)
    {
        Raw info = default;
        var size = (uint)sizeof(Raw);
        var error = LibBpf.bpf_obj_get_info_by_fd(fd, &info, &size);
        return error == 0 ? info : throw new BpfException("read the statistics of", program.ToString()!, -error);
    }

    /// <summary><c>struct bpf_prog_info</c> (linux/bpf.h); an older kernel leaves the end zero.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Raw
    {
        public uint Type;
        public uint Id;
        public fixed byte Tag[8];
        public uint JitedProgramLength;
        public uint TranslatedProgramLength;
        public ulong JitedInstructions;
        public ulong TranslatedInstructions;
        public ulong LoadTimeNs;
        public uint CreatedByUid;
        public uint MapIdCount;
        public ulong MapIds;
        public fixed byte Name[16];
        public uint InterfaceIndex;
        public uint GplCompatible;
        public ulong NetworkNamespaceDevice;
        public ulong NetworkNamespaceInode;
        public uint JitedSymbolCount;
        public uint JitedFunctionLengthCount;
        public ulong JitedSymbols;
        public ulong JitedFunctionLengths;
        public uint BtfId;
        public uint FunctionInfoRecordSize;
        public ulong FunctionInfo;
        public uint FunctionInfoCount;
        public uint LineInfoCount;
        public ulong LineInfo;
        public ulong JitedLineInfo;
        public uint JitedLineInfoCount;
        public uint LineInfoRecordSize;
        public uint JitedLineInfoRecordSize;
        public uint TagCount;
        public ulong Tags;
        public ulong RunTimeNs;
        public ulong RunCount;
        public ulong RecursionMisses;
        public uint VerifiedInstructions;
        public uint AttachBtfObjectId;
        public uint AttachBtfId;
        public uint Padding;
    }
}
