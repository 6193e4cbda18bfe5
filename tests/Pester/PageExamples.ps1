<#
.SYNOPSIS
Reads the worked examples of the pages under docs/cmdlets, and runs them as a user would.
.DESCRIPTION
An example is a fenced block of PowerShell that looks as a session does: a command behind "PS> ", further lines of it behind ">> ", and
below it what the shell printed.

  ```powershell               is run, in a copy of the folder samples; all examples of a page share one session
  ```powershell width=80      the same in a shell of that many columns; 120 where nothing is said
  ```powershell needs=lammps  needs something that is not on every machine, and is run where that is found (Find-PageNeed: sh, lammps, kim,
                              pseudopotentials, reference: real outputs in a folder "shared" beside the project)
  ```powershell needs=slurm   needs what no test can have (calculations, cluster, data, key, model, network, potentials, slurm); it is
                              parsed, and its parameters are bound

A command without output on the page has to run without an error. Where there is output, it is compared word by word; three dots as one
character (U+2026) stand for anything, and the home folder "/home/me" for the scratch folder.
#>

$script:Scratch = '/home/me'

# Every block of a page: title, what it needs, and its commands with what the page prints below them.
function Get-PageExample([Parameter(Mandatory)] [string] $Path) {
    $title = ''
    $block = $null
    $number = 0
    foreach ($line in Get-Content -LiteralPath $Path -Encoding utf8) {
        $number++
        if (-not $block -and $line -match '^#+ (.+)') { $title = $Matches[1] }
        if ($block) {
            if ($line -match '^```') {
                $block
                $block = $null
            }
            elseif ($line -match '^PS> (.*)') {
                $block.Commands.Add([pscustomobject]@{ Text = $Matches[1]; Line = $number; Printed = [Collections.Generic.List[string]]::new() })
            }
            elseif ($line -match '^>> ?(.*)' -and $block.Commands.Count -gt 0 -and $block.Commands[-1].Printed.Count -eq 0) {
                $block.Commands[-1].Text += "`n" + $Matches[1]
            }
            elseif ($block.Commands.Count -gt 0) {
                $block.Commands[-1].Printed.Add($line)
            }
        }
        elseif ($line -match '^```powershell(?:\s+needs=(?<needs>\S+))?(?:\s+width=(?<width>\d+))?\s*$') {
            $block = [pscustomobject]@{ Title = $title; Needs = $Matches['needs']; Width = [int] ($Matches['width'] ?? 120); Line = $number; Commands = [Collections.Generic.List[object]]::new() }
        }
    }
}

# What makes the examples work that need the named things: an action that puts them into the session's folder; nothing where they are missing.
function Find-PageNeed([string] $Need) {
    switch ($Need) {
        '' { {} }
        sh { if (Test-Path /bin/sh) { {} } }
        lammps {
            if ((Get-Command lmp -CommandType Application -ErrorAction Ignore) -and (Test-Path /usr/share/lammps/potentials/Si.tersoff)) {
                { Copy-Item /usr/share/lammps/potentials/Si*, /usr/share/lammps/potentials/ffield* . }
            }
        }
        kim {
            if ((Get-Command lmp -CommandType Application -ErrorAction Ignore) -and (Test-Path /usr/lib/*/kim-api)) { {} }
        }
        reference {
            if (Test-Path "$PSScriptRoot/../../../shared/data/vasp") {
                {
                    $data = "$PSScriptRoot/../../../shared/data"
                    foreach ($folder in (Get-Item "$data/vasp/*", "$data/qe/made/si_*")) { Copy-Item $folder . -Recurse -Force }
                    Copy-Item "$data/mlip/*" . -Force
                }
            }
        }
        pseudopotentials {
            if (Test-Path /usr/share/espresso/pseudo/Si.pz-vbc.UPF) {
                {
                    # One of an element, but for iron: which one is meant is what the pages' third example is about.
                    $null = New-Item upf -ItemType Directory -Force
                    foreach ($name in 'Si.pz-vbc.UPF', 'Al.pz-vbc.UPF', 'O.pz-rrkjus.UPF', 'Fe.*') { Copy-Item "/usr/share/espresso/pseudo/$name" upf -Force }
                }
            }
        }
    }
}

# One session: the module in a runspace, standing in a copy of the samples. The runspace goes on from page to page, since opening one and
# importing the module takes longer than most pages; the variables of a page go with it.
function Open-PageSession([Parameter(Mandatory)] [string] $Module, [Parameter(Mandatory)] [string] $Samples, [Parameter(Mandatory)] [string] $Folder) {
    $null = New-Item $Folder -ItemType Directory -Force
    Copy-Item (Join-Path $Samples '*') $Folder -Recurse
    if (-not $script:pageRunspace) {
        $script:pageRunspace = [runspacefactory]::CreateRunspace()
        $pageRunspace.Open()
    }

    $shell = [powershell]::Create($pageRunspace)
    $start = 'param($Module, $Folder) $PSStyle.OutputRendering = "PlainText"; Import-Module $Module; Set-Location $Folder; $global:PageVariables = (Get-Variable -Scope Global).Name + "PageVariables"'
    $null = $shell.AddScript($start, $true).AddArgument($Module).AddArgument($Folder).Invoke()
    $shell.Commands.Clear()
    $shell
}

function Close-PageSession([Parameter(Mandatory)] [powershell] $Session) {
    $Session.Commands.Clear()
    $null = $Session.AddScript('Set-Location ([IO.Path]::GetTempPath()); Get-Variable -Scope Global | Where-Object Name -notin $PageVariables | Remove-Variable -Scope Global -Force -ErrorAction Ignore', $true).Invoke()
    $Session.Dispose()
}

# Puts there what an example needs.
function Initialize-PageNeed([Parameter(Mandatory)] [scriptblock] $Prepare, [Parameter(Mandatory)] [string] $Folder) {
    Push-Location $Folder
    try { & $Prepare }
    finally { Pop-Location }
}

# What the shell prints for a command, and whether there was an error.
function Invoke-PageCommand([Parameter(Mandatory)] [powershell] $Session, [Parameter(Mandatory)] [string] $Text, [Parameter(Mandatory)] [string] $Folder, [int] $Width = 120) {
    $printer = {
        param($Text, $Width)
        $failures = 0
        $layout = @{ Width = $Width }
        $lines = [Collections.Generic.List[string]]::new()
        $objects = [Collections.Generic.List[object]]::new()
        $show = { if ($objects.Count -gt 0) { $lines.Add(($objects | Out-String @layout)); $objects.Clear() } }
        # What -WhatIf says goes to the host alone, past every stream; a transcript has it.
        $transcript = $Text -match '-WhatIf' ? [IO.Path]::GetTempFileName() : $null
        if ($transcript) { $null = Start-Transcript $transcript }
        try {
            . ([scriptblock]::Create($Text)) *>&1 | ForEach-Object {
                if ($_ -is [Management.Automation.WarningRecord]) { $lines.Add("WARNING: $_") }
                elseif ($_ -is [Management.Automation.VerboseRecord]) { $lines.Add("VERBOSE: $_") }
                elseif ($_ -is [Management.Automation.InformationRecord]) { $lines.Add("$_") }
                elseif ($_ -is [Management.Automation.ErrorRecord]) { $failures++; $lines.Add("$($_.InvocationInfo.MyCommand): $_") }
                else { $objects.Add($_) }
            }
        }
        catch {
            $failures++
            $lines.Add("$($_.InvocationInfo.MyCommand): $_")
        }

        . $show
        if ($transcript) {
            $null = Stop-Transcript
            $lines.AddRange([string[]] @((Get-Content $transcript) -match '^What if: '))
            Remove-Item $transcript
        }

        [pscustomobject]@{ Lines = $lines; Failures = $failures }
    }
    $Session.Commands.Clear()
    $result = $Session.AddScript($printer.ToString(), $false).AddArgument($Text).AddArgument($Width).Invoke()[0]
    $printed = ($result.Lines -join "`n").Replace($Folder, $Scratch).Replace([IO.Path]::DirectorySeparatorChar, '/')
    [pscustomobject]@{ Printed = ($printed -replace '[ \t]+(?=\r?\n)').Trim("`r", "`n"); Failures = $result.Failures }
}

# Null where what was printed is what the page says; else what is different.
function Compare-PageOutput([string[]] $Expected, [string] $Actual) {
    $plain = { param($text) ($text -replace '\s+', ' ').Trim() }
    $wanted = & $plain ($Expected -join "`n")
    $found = & $plain $Actual
    $pattern = '\A' + ((($wanted -split "\s*$([char] 0x2026)\s*") | ForEach-Object { [regex]::Escape($_) }) -join '.*?') + '\z'
    if ($found -notmatch $pattern) { "the page says`n$($Expected -join "`n")`nbut it prints`n$Actual" }
}

# What is wrong with a command as it stands: it does not parse, or a cmdlet of the module does not take its parameters.
function Find-BindingFault([string] $Text) {
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $errors)
    $errors | ForEach-Object { "$($_.Message) in: $Text" }
    foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $command = Get-Command $call.GetCommandName() -ErrorAction Ignore
        if ($command.Source -ne 'AtomProNet.PS') { continue }
        $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
        $bound.BindingExceptions.GetEnumerator() | ForEach-Object { "$($_.Value.BindingException.Message) in: $call" }
        foreach ($name in $bound.BoundParameters.Keys) {
            # The static binder calls what it could not place by its number.
            if (-not $command.Parameters.ContainsKey($name)) { "nothing takes '$($bound.BoundParameters[$name].Value)' in: $call" }
        }
    }
}
