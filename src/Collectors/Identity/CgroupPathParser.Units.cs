namespace Observe.Collectors.Identity;

public static partial class CgroupPathParser
{
    private static void VisitUnit(ReadOnlySpan<char> path, Range at, ref CgroupMatch match)
    {
        // Beneath a service or scope everything is that unit's own business.
        if (match.Closed)
            return;
        var start = at.Start.Value + SystemdName.EscapePrefix(path[at]);
        var unit = path[start..at.End.Value];
        var manager = !match.UserId.Equals(default) && match.Form == CgroupForm.Unit && path[match.Id].StartsWith("user@", StringComparison.Ordinal);
        // The user's service manager itself runs in an init.scope beneath its unit.
        if (manager && unit is "init.scope")
        {
            match.Closed = true;
            return;
        }
        match.KeyLength = at.End.Value;
        if (SystemdName.IsSlice(unit))
            VisitSlice(unit, start, ref match);
        else if (SystemdName.IsServiceOrScope(unit))
            VisitServiceOrScope(unit, start, ref match);
        else if (SystemdName.IsHelper(unit))
            Name(CgroupForm.Unit, start..at.End.Value, closed: true, ref match);
        else
            Name(CgroupForm.Plain, at, closed: false, ref match);
    }

    private static void VisitSlice(ReadOnlySpan<char> unit, int start, ref CgroupMatch match)
    {
        if (Between(unit, "user-", ".slice", out var uid) && IsDigits(unit[uid]))
        {
            match.Kind = WorkloadKind.User;
            match.UserId = uid.Shift(start);
        }
        else if (unit is "user.slice")
        {
            match.Kind = WorkloadKind.User;
        }
        Name(CgroupForm.Unit, start..(start + unit.Length), closed: false, ref match);
    }

    private static void VisitServiceOrScope(ReadOnlySpan<char> unit, int start, ref CgroupMatch match)
    {
        var closed = true;
        if (Between(unit, "user@", ".service", out var uid) && IsDigits(unit[uid]))
        {
            // Units of the user's own manager lie beneath.
            match.Kind = WorkloadKind.User;
            match.UserId = uid.Shift(start);
            closed = false;
        }
        else if (match.Kind == WorkloadKind.System && unit is not "init.scope" && !IsMonitor(unit))
        {
            match.Kind = WorkloadKind.Service;
        }
        Name(CgroupForm.Unit, start..(start + unit.Length), closed, ref match);
    }

    private static bool IsMonitor(ReadOnlySpan<char> unit) =>
        unit.StartsWith("crio-conmon-", StringComparison.Ordinal) || unit.StartsWith("libpod-conmon-", StringComparison.Ordinal);

    private static void Name(CgroupForm form, Range id, bool closed, ref CgroupMatch match)
    {
        match.Form = form;
        match.Id = id;
        match.Closed = closed;
    }
}
